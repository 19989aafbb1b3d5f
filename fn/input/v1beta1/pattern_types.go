package v1beta1

// ARNPatterns match ARNs part by part, up to the fifth colon, and then the rest: * stands for any characters of its part, and
// ${namespace} and ${suffix} for the claim's. none matches no ARN.
// +kubebuilder:validation:MaxItems=100
// +kubebuilder:validation:items:MaxLength=512
// +kubebuilder:validation:items:Pattern=`^(none|arn:[a-z*-]+:[a-z0-9*-]+:[a-z0-9*-]*:[a-z0-9*]*:.+)$`
// +listType=set
type ARNPatterns []string

// NamePatterns match names: * stands for any characters, and ${namespace} and ${suffix} for the claim's.
// +kubebuilder:validation:MaxItems=100
// +kubebuilder:validation:items:MinLength=1
// +kubebuilder:validation:items:MaxLength=256
// +listType=set
type NamePatterns []string
