package v1alpha1

// A FunctionURL is an address in the internet by which the live alias is called. Callers sign their requests, as for all of AWS's
// own APIs: nobody calls it unknown.
// See https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html.
type FunctionURL struct {
	// InvokeMode is how an answer comes: Buffered, as a whole, or ResponseStream, as it is made.
	// +kubebuilder:default=Buffered
	// +kubebuilder:validation:Enum=Buffered;ResponseStream
	InvokeMode InvokeMode `json:"invokeMode,omitempty"`

	// CORS lets web pages of other origins call. None: they cannot.
	CORS *CORS `json:"cors,omitempty"`
}

// An InvokeMode is how an answer comes.
type InvokeMode string

// How an answer comes.
const (
	InvokeModeBuffered       InvokeMode = "Buffered"
	InvokeModeResponseStream InvokeMode = "ResponseStream"
)

// CORS is what Lambda tells browsers of pages that may call.
// See https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html.
type CORS struct {
	// AllowOrigins are the pages: https://shop.example.com, or * for all.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=253
	// +kubebuilder:validation:items:XValidation:rule=`self.matches('^([*]|https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]+)?)$')`,message="must be an origin without a path, such as https://shop.example.com, or *"
	// +listType=set
	AllowOrigins []string `json:"allowOrigins"`

	// AllowMethods that they may use, or * for all.
	// +kubebuilder:validation:MaxItems=6
	// +kubebuilder:validation:items:MaxLength=6
	// +kubebuilder:validation:items:Enum="*";GET;PUT;HEAD;POST;PATCH;DELETE
	// +listType=set
	AllowMethods []string `json:"allowMethods,omitempty"`

	// AllowHeaders that they may send, in lower case, as AWS keeps them.
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=1024
	// +kubebuilder:validation:items:XValidation:rule="self.matches(r\"^([*]|[a-z0-9!#$%&'+.^_`|~-]+)$\")",message="must be the name of a header in lower case, such as content-type, or *"
	// +listType=set
	AllowHeaders []string `json:"allowHeaders,omitempty"`

	// ExposeHeaders of an answer that they may read, in lower case.
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=1024
	// +kubebuilder:validation:items:XValidation:rule="self.matches(r\"^([*]|[a-z0-9!#$%&'+.^_`|~-]+)$\")",message="must be the name of a header in lower case, such as content-type, or *"
	// +listType=set
	ExposeHeaders []string `json:"exposeHeaders,omitempty"`

	// AllowCredentials lets them send cookies and the like.
	// +kubebuilder:default=false
	// +optional
	AllowCredentials bool `json:"allowCredentials"`

	// MaxAgeSeconds is how long browsers may remember all this, in seconds.
	// +kubebuilder:default=0
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=86400
	// +optional
	MaxAgeSeconds int32 `json:"maxAgeSeconds"`
}
