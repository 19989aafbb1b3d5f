package expressions

import "github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"

func builtKey() map[string]Case {
	return of(logic.BuiltKey("built"), map[string]Case{
		"Built": {
			Reason: "The artifact of the build is found among others.",
			States: `{"result": {"ActionExecutionDetails": [{"Status": "Succeeded", "Output": {"OutputArtifacts": [{"Name": "source", "S3location": {"Key": "s"}}]}},` +
				` {"Status": "Succeeded", "Output": {"OutputArtifacts": [{"Name": "other", "S3location": {"Key": "o"}}, {"Name": "built", "S3location": {"Key": "b"}}]}}]}}`,
			Want: `"b"`,
		},
		"Twice": {
			Reason: "Of a stage that ran again, the latest is told first, and what failed has built nothing.",
			States: `{"result": {"ActionExecutionDetails": [{"Status": "Failed", "Output": {"OutputArtifacts": [{"Name": "built", "S3location": {"Key": "3"}}]}},` +
				` {"Status": "Succeeded", "Output": {"OutputArtifacts": [{"Name": "built", "S3location": {"Key": "2"}}]}},` +
				` {"Status": "Succeeded", "Output": {"OutputArtifacts": [{"Name": "built", "S3location": {"Key": "1"}}]}}]}}`,
			Want: `"2"`,
		},
		"NotBuilt": {Reason: "There may be no build.", States: `{"result": {"ActionExecutionDetails": [{"Status": "Succeeded", "Output": {"OutputArtifacts": []}}]}}`, Want: `""`},
		"Nothing":  {Reason: "Nor any action.", States: `{"result": {"ActionExecutionDetails": []}}`, Want: `""`},
	})
}

func isComplete() map[string]Case {
	return of(logic.IsComplete, map[string]Case{
		"Complete":     {Reason: "Each release has all of it.", Variables: `{"offerVersion": "v", "offerSha256": "s", "offerDeployment": "d", "offerCommit": "c"}`, Want: `true`},
		"NoVersion":    {Reason: "It lacks the version.", Variables: `{"offerVersion": "", "offerSha256": "s", "offerDeployment": "d", "offerCommit": "c"}`, Want: `false`},
		"NoHash":       {Reason: "It lacks the hash.", Variables: `{"offerVersion": "v", "offerSha256": "", "offerDeployment": "d", "offerCommit": "c"}`, Want: `false`},
		"NoDeployment": {Reason: "It lacks the deployment.", Variables: `{"offerVersion": "v", "offerSha256": "s", "offerDeployment": "", "offerCommit": "c"}`, Want: `false`},
		"NoCommit":     {Reason: "It lacks the commit.", Variables: `{"offerVersion": "v", "offerSha256": "s", "offerDeployment": "d", "offerCommit": ""}`, Want: `false`},
	})
}

func artifactDiffers() map[string]Case {
	return of(logic.ArtifactDiffers, map[string]Case{
		"Same":  {Reason: "The hashes are the same.", Variables: `{"artifactSha256": "a", "promotedSha256": "a"}`, Want: `false`},
		"Other": {Reason: "They are not.", Variables: `{"artifactSha256": "b", "promotedSha256": "a"}`, Want: `true`},
		"None":  {Reason: "Two that are missing are not the same.", Variables: `{"artifactSha256": "", "promotedSha256": ""}`, Want: `true`},
	})
}

func codeDiffers() map[string]Case {
	return of(logic.CodeDiffers, map[string]Case{
		"Same":        {Reason: "Lambda has the very bytes.", Variables: `{"promotedCode": "a", "promotedSha256": "a", "codeSha256": "a", "overruled": false}`, Want: `false`},
		"Other":       {Reason: "It has others.", Variables: `{"promotedCode": "a", "promotedSha256": "a", "codeSha256": "b", "overruled": false}`, Want: `true`},
		"PackedAnew":  {Reason: "Lambda of the other pipeline had others too, and they may be any.", Variables: `{"promotedCode": "c", "promotedSha256": "a", "codeSha256": "b", "overruled": false}`, Want: `true`},
		"PackedAlike": {Reason: "Both have packed the object alike.", Variables: `{"promotedCode": "c", "promotedSha256": "a", "codeSha256": "c", "overruled": false}`, Want: `false`},
		"Overruled":   {Reason: "A person has said why.", Variables: `{"promotedCode": "a", "promotedSha256": "a", "codeSha256": "b", "overruled": true}`, Want: `false`},
	})
}

func onlyVersion() map[string]Case {
	return of(logic.OnlyVersion("$key"), map[string]Case{
		"Once":    {Reason: "It was written once.", Variables: `{"key": "k"}`, States: `{"result": {"Versions": [{"Key": "k", "VersionId": "1"}]}}`, Want: `"1"`},
		"Other":   {Reason: "A key that begins likewise is another.", Variables: `{"key": "k"}`, States: `{"result": {"Versions": [{"Key": "k", "VersionId": "1"}, {"Key": "k2", "VersionId": "2"}]}}`, Want: `"1"`},
		"Twice":   {Reason: "It was written again.", Variables: `{"key": "k"}`, States: `{"result": {"Versions": [{"Key": "k", "VersionId": "2"}, {"Key": "k", "VersionId": "1"}]}}`, Want: `""`},
		"Gone":    {Reason: "It has expired.", Variables: `{"key": "k"}`, States: `{"result": {"Versions": [{"Key": "k2", "VersionId": "2"}]}}`, Want: `""`},
		"Nothing": {Reason: "Nothing is there at all.", Variables: `{"key": "k"}`, States: `{"result": {}}`, Want: `""`},
		"NotKept": {Reason: "Where no versions are kept, it may have been replaced.", Variables: `{"key": "k"}`, States: `{"result": {"Versions": [{"Key": "k", "VersionId": "null"}]}}`, Want: `""`},
	})
}

func isTestedCode() map[string]Case {
	return of(logic.IsTestedCode, map[string]Case{
		"Same":      {Reason: "Blue has what green had.", Variables: `{"codeSha256": "a", "testedSha256": "a", "overruled": false}`, Want: `true`},
		"Other":     {Reason: "It has not.", Variables: `{"codeSha256": "a", "testedSha256": "b", "overruled": false}`, Want: `false`},
		"Overruled": {Reason: "A person has said why.", Variables: `{"codeSha256": "a", "testedSha256": "b", "overruled": true}`, Want: `true`},
	})
}
