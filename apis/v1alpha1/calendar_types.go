package v1alpha1

// A ChangeWindow is when traffic may shift to a new version, week after week, in UTC.
// +kubebuilder:validation:XValidation:rule="self.from < self.to",message="from must be before to; a window that goes over midnight is two",fieldPath=".to"
type ChangeWindow struct {
	// Days of the week, in UTC.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=7
	// +kubebuilder:validation:items:Enum=Mon;Tue;Wed;Thu;Fri;Sat;Sun
	// +listType=set
	Days []string `json:"days"`

	// From this time of the day on, in UTC: 09:00.
	// +kubebuilder:validation:MaxLength=5
	// +kubebuilder:validation:Pattern=`^([01][0-9]|2[0-3]):[0-5][0-9]$`
	From string `json:"from"`

	// To this time of the day, in UTC, which is not part of the window: 16:00, or 24:00 for midnight.
	// +kubebuilder:validation:MaxLength=5
	// +kubebuilder:validation:Pattern=`^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$`
	To string `json:"to"`
}

// A Freeze is a time in which no traffic shifts to a new version.
// +kubebuilder:validation:XValidation:rule="self.from < self.to",message="from must be before to",fieldPath=".to"
type Freeze struct {
	// From this time on, in UTC, to the second: 2026-12-20T00:00:00Z.
	// +kubebuilder:validation:Format=date-time
	// +kubebuilder:validation:MaxLength=20
	// +kubebuilder:validation:Pattern=`^20[0-9-]+T[0-9:]+Z$`
	From string `json:"from"`

	// To this time, in UTC, which is not part of the freeze: 2027-01-02T00:00:00Z.
	// +kubebuilder:validation:Format=date-time
	// +kubebuilder:validation:MaxLength=20
	// +kubebuilder:validation:Pattern=`^20[0-9-]+T[0-9:]+Z$`
	To string `json:"to"`

	// Reason of the freeze, as a release that is refused tells it.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	Reason string `json:"reason"`
}
