package localstack

import "testing"

// TestJavaNames checks that LocalStack's interpreter can be told the names of AWS's SDK for Java by one list a service.
func TestJavaNames(t *testing.T) {
	all, err := javaNames()
	if err != nil {
		t.Fatal(err)
	}
	for service, want := range map[string]string{"codedeploy": "S3Location", "codepipeline": "S3location"} {
		if got := all[service]["s3location"]; got != want {
			t.Errorf("%s: want %q, got %q", service, want, got)
		}
	}
}
