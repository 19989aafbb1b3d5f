package v1alpha1

// An Analysis judges the new version by its own invocations, while traffic shifts and for a while after. It compares shares of
// bad invocations with their limits and with the version that was live, and goes by what is certain: the lower bound of what
// the invocations so far can mean (Wilson's, at three standard deviations). If that is too bad, traffic goes back.
type Analysis struct {
	// Enabled: a release is judged.
	// +kubebuilder:default=true
	// +optional
	Enabled bool `json:"enabled"`

	// BakeMinutes is how long the new version is judged after it has taken over all traffic, in minutes. The release goes on for
	// so long, and the version before it stays the way back.
	// +kubebuilder:default=10
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1440
	// +optional
	BakeMinutes int32 `json:"bakeMinutes"`

	// MinInvocations of the new version, before it is judged. Three must be bad in any case.
	// +kubebuilder:default=5
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=1000000
	MinInvocations int32 `json:"minInvocations,omitempty"`

	// TooFewInvocations says what becomes of a release whose new version has had fewer than minInvocations when bakeMinutes are
	// over: Pass, Fail, which takes traffic back, or Wait for them, up to a day, and then Fail.
	// +kubebuilder:default=Pass
	// +kubebuilder:validation:Enum=Pass;Fail;Wait
	TooFewInvocations string `json:"tooFewInvocations,omitempty"`

	// MaxErrorPercent is the share of invocations that may fail, in percent.
	// +kubebuilder:default=1
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	// +optional
	MaxErrorPercent float64 `json:"maxErrorPercent"`

	// MaxThrottlePercent is the share of invocations that Lambda may refuse for want of concurrency, in percent.
	// +kubebuilder:default=5
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	// +optional
	MaxThrottlePercent float64 `json:"maxThrottlePercent"`

	// P99Milliseconds is the duration that 99 % of invocations must stay below, in milliseconds. 0: durations are not judged.
	// +kubebuilder:default=0
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=900000
	// +optional
	P99Milliseconds int32 `json:"p99Milliseconds"`

	// Metrics of yours, which count bad invocations.
	// +kubebuilder:validation:MaxItems=5
	// +listType=map
	// +listMapKey=name
	Metrics []AnalysisMetric `json:"metrics,omitempty"`
}

// What becomes of a release that had too few invocations.
const (
	TooFewPass = "Pass"
	TooFewFail = "Fail"
	TooFewWait = "Wait"
)

// An AnalysisMetric counts bad invocations of a version: answers with a status of 500 and above, say, which are no errors to
// Lambda.
type AnalysisMetric struct {
	// Name of what is counted, as the release tells it: answers with status 5xx.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:XValidation:rule=`self.matches('^[A-Za-z0-9][A-Za-z0-9 _./-]*$')`,message="must begin with a letter or a digit, and have only letters, digits, spaces and _./- after it: answers with status 5xx"
	Name string `json:"name"`

	// Expression of CloudWatch's metric math that gives their number for each minute, of the version that {version} stands for:
	// SELECT SUM(ServerErrors) FROM SCHEMA(Payments, version) WHERE version = '{version}'.
	// Each SELECT takes a call of its own for each version, and a release with such metrics looks less often.
	// It gives one number for each minute: SEARCH, METRICS, LAMBDA, ANOMALY_DETECTION_BAND and GROUP BY give many. So does an array,
	// [errors, throttles], unless SUM, AVG, MIN, MAX, FIRST or LAST makes one of it.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	// +kubebuilder:validation:XValidation:rule="!self.matches(r'(?i)\\b(search|metrics|lambda|anomaly_detection_band)\\s*\\(|\\bgroup\\s+by\\b')",message="SEARCH, METRICS, LAMBDA, ANOMALY_DETECTION_BAND and GROUP BY give more than one number for each minute; name one metric"
	// +kubebuilder:validation:XValidation:rule=`self.contains('{version}') || self == oldSelf.orValue("")`,message="must name {version}, which stands for the version that is judged, such as SELECT SUM(ServerErrors) FROM SCHEMA(Payments, version) WHERE version = '{version}'",optionalOldSelf=true
	Expression string `json:"expression"`

	// MaxPercent is the share of invocations that may be so, in percent.
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	MaxPercent float64 `json:"maxPercent"`
}
