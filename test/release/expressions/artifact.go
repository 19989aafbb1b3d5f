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

func isTested() map[string]Case {
	return of(logic.IsTested, map[string]Case{
		"Same":               {Reason: "Blue has what green had.", Variables: `{"codeSha256": "a", "testedSha256": "a", "differing": "", "overruled": false}`, Want: `true`},
		"OtherCode":          {Reason: "It has other code.", Variables: `{"codeSha256": "a", "testedSha256": "b", "differing": "", "overruled": false}`, Want: `false`},
		"OtherConfiguration": {Reason: "It has another layer.", Variables: `{"codeSha256": "a", "testedSha256": "a", "differing": "Layers", "overruled": false}`, Want: `false`},
		"Overruled":          {Reason: "A person has said why.", Variables: `{"codeSha256": "a", "testedSha256": "b", "differing": "Layers", "overruled": true}`, Want: `true`},
	})
}

func isOtherCode() map[string]Case {
	return of(logic.IsOtherCode, map[string]Case{
		"Same":  {Reason: "The hashes are the same.", Variables: `{"codeSha256": "a", "testedSha256": "a"}`, Want: `false`},
		"Other": {Reason: "They are not.", Variables: `{"codeSha256": "a", "testedSha256": "b"}`, Want: `true`},
	})
}

// Hashes of variables: of none, of A = 1, and of A = 1 and B = 2.
const (
	hashOfNone = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	hashOfA    = "7a250babd81f91da2c741fd8a7f2dabde1934e377e13c32ea4fa54f09ff3680d"
	hashOfAB   = "948a06c50a04e9920e6f7ec2b73c3c0ec04ad5d45a0434f79f730b0a514aa018"
)

func configuration() map[string]Case {
	return of(logic.Configuration, map[string]Case{
		"All": {
			Reason: "All of it is text, and the variable that names the function is left out.",
			States: `{"result": {"Runtime": "nodejs24.x", "Handler": "index.handler", "Architectures": ["arm64"], "Layers": [{"Arn": "l:2"}, {"Arn": "l:1"}],` +
				` "Environment": {"Variables": {"VERSION": "blue", "A": "1"}}, "MemorySize": 512}}`,
			Want: `{"Runtime": "nodejs24.x", "Handler": "index.handler", "Architectures": "arm64", "Layers": "l:2 l:1", "Environment": "` + hashOfA + `"}`,
		},
		"Nothing": {
			Reason: "What is not there is no text.", States: `{"result": {}}`,
			Want: `{"Runtime": "", "Handler": "", "Architectures": "", "Layers": "", "Environment": "` + hashOfNone + `"}`,
		},
		"Hidden": {
			Reason: "Variables that Lambda hides are none.", States: `{"result": {"Environment": {"Error": {"ErrorCode": "AccessDeniedException"}}}}`,
			Want: `{"Runtime": "", "Handler": "", "Architectures": "", "Layers": "", "Environment": "` + hashOfNone + `"}`,
		},
	})
}

// differing compares a version that was tested with one that has a handler, two layers and the variables A and B.
func differing() map[string]Case {
	const (
		handler = `"Handler": "h"`
		layers  = `"Layers": [{"Arn": "l:1"}, {"Arn": "l:2"}]`
	)
	cases := map[string]Case{}
	for name, c := range map[string]struct{ reason, handler, layers, variables, more, want string }{
		"Nothing":     {"Only the name of the function differs.", handler, layers, `{"VERSION": "green", "B": "2", "A": "1"}`, "", ""},
		"Handler":     {"Another function of the code was tested.", `"Handler": "other"`, layers, `{"A": "1", "B": "2"}`, "", "Handler"},
		"LayersOrder": {"Files of a later layer win.", handler, `"Layers": [{"Arn": "l:2"}, {"Arn": "l:1"}]`, `{"A": "1", "B": "2"}`, "", "Layers"},
		"Value":       {"A variable has another value.", handler, layers, `{"A": "1", "B": "3"}`, "", "Environment"},
		"Disguised":   {"A value may look like a variable.", handler, layers, `{"A": "1\"][\"B\",\"2"}`, "", "Environment"},
		"Several":     {"All that differ are named.", handler, `"Layers": []`, `{}`, `, "Runtime": "r", "Architectures": ["arm64"]`, "Architectures, Environment, Layers, Runtime"},
	} {
		cases[name] = Case{
			Reason: c.reason, States: `{"result": {` + c.handler + ", " + c.layers + `, "Environment": {"Variables": ` + c.variables + `}` + c.more + `}}`, Want: written(c.want),
			Variables: `{"configuration": {"Architectures": "", "Environment": "` + hashOfAB + `", "Handler": "h", "Layers": "l:1 l:2", "Runtime": ""}}`,
		}
	}
	return of(logic.Differing, cases)
}
