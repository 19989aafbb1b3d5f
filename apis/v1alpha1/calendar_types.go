package v1alpha1

// A ChangeWindow is when traffic may shift to a new version, week after week, in UTC.
// +kubebuilder:validation:XValidation:rule="self.from < self.to || size(self.from) != 5 || size(self.to) != 5",message="from must be before to; a window that goes over midnight is two",messageExpression=`'"' + self.to + '" is not after from, "' + self.from + '"; write a window that goes over midnight as two, to 24:00 and from 00:00'`,fieldPath=".to"
type ChangeWindow struct {
	// Days of the week, in UTC.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=7
	// +kubebuilder:validation:items:Enum=Mon;Tue;Wed;Thu;Fri;Sat;Sun
	// +listType=set
	Days []string `json:"days"`

	// From this time of the day on, in UTC: 09:00.
	// +kubebuilder:validation:MaxLength=16
	// +kubebuilder:validation:XValidation:rule=`self.matches('^([01][0-9]|2[0-3]):[0-5][0-9]$')`,message="must be a time of the day in UTC, with two digits each for hours and minutes, such as 09:00"
	From string `json:"from"`

	// To this time of the day, in UTC, which is not part of the window: 16:00, or 24:00 for midnight.
	// +kubebuilder:validation:MaxLength=16
	// +kubebuilder:validation:XValidation:rule=`self.matches('^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$')`,message="must be a time of the day in UTC, with two digits each for hours and minutes, such as 16:00, or 24:00 for midnight"
	To string `json:"to"`
}

// A Freeze is a time in which no traffic shifts to a new version.
// +kubebuilder:validation:XValidation:rule="self.from < self.to || size(self.from) != 20 || size(self.to) != 20",message="from must be before to",messageExpression=`'"' + self.to + '" is not after from, "' + self.from + '"; write the end in to'`,fieldPath=".to"
type Freeze struct {
	// From this time on, in UTC, to the second: 2026-12-20T00:00:00Z.
	// +kubebuilder:validation:MaxLength=40
	// +kubebuilder:validation:XValidation:rule=`self.matches('^20([0-9][0-9]-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([02468][048]|[13579][26])-02-29)T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z$')`,message="must be a time in UTC to the second, such as 2026-12-20T00:00:00Z"
	From string `json:"from"`

	// To this time, in UTC, which is not part of the freeze: 2027-01-02T00:00:00Z.
	// +kubebuilder:validation:MaxLength=40
	// +kubebuilder:validation:XValidation:rule=`self.matches('^20([0-9][0-9]-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([02468][048]|[13579][26])-02-29)T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z$')`,message="must be a time in UTC to the second, such as 2027-01-02T00:00:00Z"
	To string `json:"to"`

	// Reason of the freeze, as a release that is refused tells it.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	Reason string `json:"reason"`
}
