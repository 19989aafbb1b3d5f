package fntest

import "fmt"

// UnknownVersion is what the provider says when Lambda does not have the version that it made the alias with.
func UnknownVersion(version string) string {
	return "async create failed: failed to create the resource: [{0 creating Lambda Alias (live): operation error Lambda: CreateAlias, " +
		"https response error StatusCode: 404, RequestID: 7f5a, ResourceNotFoundException: Function not found: " +
		"arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-pr-123:" + version + "  []}]"
}

// AliasFails is the status of an alias that was on a version, is gone, and cannot be made again.
func AliasFails(was, message string) string {
	return fmt.Sprintf("{atProvider: {functionVersion: %q}, conditions: [{type: Ready, status: 'False'}, "+
		"{type: Synced, status: 'False', message: %q}, {type: LastAsyncOperation, status: 'False', message: %q}]}", was, "create failed: "+message, message)
}

// AliasUnknown is the status of an alias that was on one version, is gone, and cannot be made on another.
func AliasUnknown(was, asked string) string {
	return AliasFails(was, UnknownVersion(asked))
}

// AliasReady is the status of an alias on a version.
func AliasReady(version string) string {
	return fmt.Sprintf("{atProvider: {functionVersion: %q}, conditions: [{type: Ready, status: 'True'}, {type: Synced, status: 'True'}]}", version)
}
