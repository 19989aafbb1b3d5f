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
		[]iam.Statement{c.writeLog(account), c.useArtifacts()},
		c.cacheStatements(),
		c.secretStatements(),
		c.vpcStatements(account),
		tools,
		c.useKey("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"),
	)
}

// Needs are all actions that builds need on the pipeline's own resources: bucket, log and reports.
func (c Config) Needs() []string {
	own := append(c.reportStatements(""), c.writeLog(""))
	if c.isReviewed() {
		own = slices.Concat(own, []iam.Statement{c.useArtifacts()}, c.cacheStatements())
	} else {
		own = append(own, c.readSource())
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

func (c Config) useArtifacts() iam.Statement {
	return iam.Allow("Artifacts", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject").On(c.bucketARN() + "/*")
}

// readSource that nobody has reviewed, and no other.
func (c Config) readSource() iam.Statement {
	return iam.Allow("Source", "s3:GetObject", "s3:GetObjectVersion").On(c.bucketARN() + "/" + c.UnreviewedPrefix + "*")
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
