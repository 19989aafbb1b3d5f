package expressions

import "github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"

func answersBelow() map[string]Case {
	cases := of(logic.AnswersBelow(400), map[string]Case{
		"Good":    {Reason: "A status below the limit passes.", States: `{"input": {"Payload": {"statusCode": 399}}}`, Want: `true`},
		"Limit":   {Reason: "One at the limit fails.", States: `{"input": {"Payload": {"statusCode": 400}}}`, Want: `false`},
		"Text":    {Reason: "So does text.", States: `{"input": {"Payload": {"statusCode": "200"}}}`, Want: `false`},
		"Null":    {Reason: "And null.", States: `{"input": {"Payload": {"statusCode": null}}}`, Want: `false`},
		"Missing": {Reason: "And no status.", States: `{"input": {"Payload": {"ok": true}}}`, Want: `false`},
		"Nothing": {Reason: "And no object.", States: `{"input": {"Payload": null}}`, Want: `false`},
		"List":    {Reason: "And a list of them.", States: `{"input": {"Payload": [{"statusCode": 200}, {"statusCode": 500}]}}`, Want: `false`},
		"Words":   {Reason: "And text alone.", States: `{"input": {"Payload": "fine"}}`, Want: `false`},
	})
	cases["Any"] = Case{Reason: "A limit of 0 takes any answer.", Expression: logic.AnswersBelow(0), States: `{"input": {"Payload": null}}`, Want: `true`}
	return cases
}

func payload() map[string]Case {
	return of(logic.Payload, map[string]Case{
		"Object":  {Reason: "It is handed on as it is.", States: `{"result": {"Payload": {"statusCode": 200}, "StatusCode": 200}}`, Want: `{"statusCode": 200}`},
		"List":    {Reason: "A list stays one.", States: `{"result": {"Payload": [{"statusCode": 200}]}}`, Want: `[{"statusCode": 200}]`},
		"Nothing": {Reason: "A function may answer nothing.", States: `{"result": {"Payload": null}}`, Want: `null`},
		"Missing": {Reason: "And Lambda may leave that out.", States: `{"result": {"StatusCode": 200}}`, Want: `null`},
	})
}
