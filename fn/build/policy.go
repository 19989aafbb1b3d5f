package build

import (
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// Statements let the role of builds, in the project's account, write their log, read and write artifacts, and use what the claim
// names. They may not create log groups: the project's own exists.
func (c Config) Statements(account string) []iam.Statement {
	tools := slices.Concat(c.imageStatements(), c.codeArtifactStatements(account), c.reportStatements(account))
	if !c.isReviewed() {
		return slices.Concat([]iam.Statement{c.writeLog(account), c.readSource()}, tools, c.useKey("kms:Decrypt"))
	}
	return slices.Concat(
		[]iam.Statement{c.writeLog(account), c.readSource(), c.writeOutput()},
		c.cacheStatements(),
		c.secretStatements(),
		c.vpcStatements(),
		tools,
		c.useKey("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"),
	)
}

// Needs are all actions that builds need on the pipeline's own resources: bucket, log and reports.
func (c Config) Needs() []string {
	own := append(c.reportStatements(""), c.writeLog(""), c.readSource())
	if c.isReviewed() {
		own = slices.Concat(own, []iam.Statement{c.writeOutput()}, c.cacheStatements())
	}
	var actions []string
	for _, s := range own {
		actions = append(actions, s.Action...)
	}
	slices.Sort(actions)
	return actions
}

func (c Config) writeLog(account string) iam.Statement {
	return iam.Allow("Log", "logs:CreateLogStream", "logs:PutLogEvents").On(c.arn("logs", account, "log-group:"+c.LogGroup()+":*"))
}

// readSource and cache, and nothing else of the bucket, as another run's output may be waiting for its approval.
func (c Config) readSource() iam.Statement {
	return iam.Allow("Source", "s3:GetObject", "s3:GetObjectVersion").On(append(c.cacheARNs(), c.bucketARN()+"/"+c.SourcePrefix+"*")...)
}

// writeOutput where CodePipeline has CodeBuild put it. CodePipeline names each output at random, so a build may write that of another run
// too, if it knows the name: a release checks that nobody has.
func (c Config) writeOutput() iam.Statement {
	return iam.Allow("Output", "s3:PutObject").On(append(c.cacheARNs(), c.bucketARN()+"/"+c.OutputPrefix+"*")...)
}

// useKey of the bucket. None: no statement.
func (c Config) useKey(actions ...string) []iam.Statement {
	if c.KMSKeyARN == "" {
		return nil
	}
	return []iam.Statement{iam.Allow("UseKey", actions...).On(c.KMSKeyARN)}
}

// bucketARN has neither region nor account.
func (c Config) bucketARN() string {
	return "arn:" + c.Partition + ":s3:::" + c.Bucket
}

// arn of a resource in the project's region.
func (c Config) arn(service, account, resource string) string {
	return "arn:" + c.Partition + ":" + service + ":" + c.Region + ":" + account + ":" + resource
}
