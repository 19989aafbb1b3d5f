package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// integration is the ARN by which a task calls an operation of an AWS service.
func (c Config) integration(operation string) string {
	return "arn:" + c.Partition + ":states:::" + operation
}

// retryAlways repeats a call that may be made twice, for up to four minutes.
func retryAlways() []asl.Retrier {
	return []asl.Retrier{backoff(asl.ErrAll)}
}

// retryUnless repeats a call after any error but the one that would come again.
func retryUnless(final string) []asl.Retrier {
	return append([]asl.Retrier{{ErrorEquals: []string{final}, MaxAttempts: new(0)}}, retryAlways()...)
}

// retryShortly repeats a call some seconds long, where production waits for what comes next.
func retryShortly() []asl.Retrier {
	r := backoff(asl.ErrAll)
	r.MaxAttempts = new(2)
	return []asl.Retrier{r}
}

func backoff(errors ...string) asl.Retrier {
	return asl.Retrier{
		ErrorEquals:     errors,
		IntervalSeconds: 2,
		BackoffRate:     2,
		MaxDelaySeconds: 60,
		MaxAttempts:     new(8),
		JitterStrategy:  "FULL",
	}
}

// catchAll goes on elsewhere after any error that retrying did not help.
func catchAll(next string) []asl.Catcher {
	return []asl.Catcher{{ErrorEquals: []string{asl.ErrAll}, Next: next}}
}

// catchFailure does the same, and keeps the error in $failure, for a later state.
func catchFailure(next string) []asl.Catcher {
	return []asl.Catcher{{ErrorEquals: []string{asl.ErrAll}, Assign: asl.Variables{varFailure: asl.Expr("$states.errorOutput")}, Next: next}}
}

// done ends the execution well and says what it came to.
func done(result string) asl.Succeed {
	return asl.Succeed{Output: map[string]string{"result": result}}
}

// failWith ends the execution with the error that was caught, and says what it was about.
func failWith(what string) asl.Fail {
	return asl.Fail{
		Error: "$states.input.Error",
		Cause: asl.Quote(what+": ") + " & $states.input.Cause",
	}
}
