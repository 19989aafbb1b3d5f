package architecture

import (
	"fmt"
)

// consoles are the hosts of the AWS console, by partition.
var consoles = map[string]string{
	"aws":        "console.aws.amazon.com",
	"aws-cn":     "console.amazonaws.cn",
	"aws-us-gov": "console.amazonaws-us-gov.com",
}

// Console returns a page of the AWS console in the pipeline's region. The path is taken as it is: a part of it may stand for
// what only AWS fills in.
func (p Pipeline) Console(path string) string {
	return fmt.Sprintf("https://%s%s?region=%s", consoles[p.Partition()], path, p.Spec.Region)
}

// DeliveryPage is the path of a page about the delivery pipeline in the AWS console.
func (p Pipeline) DeliveryPage(page string) string {
	return "/codesuite/codepipeline/pipelines/" + p.Names.DeliveryPipeline() + "/" + page
}
