package v1alpha1

// Tags by their keys. All services of a pipeline must take them, and not all take the same: CodeBuild has the shortest, and
// IAM, Lambda, CodeBuild and CloudWatch Logs the fewest characters, and to IAM's roles keys that differ in case are the same.
// Patterns have no counts: for each, a pattern would be compiled to another copy of all the letters that there are.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html and
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Tag.html.
// +kubebuilder:validation:MaxProperties=40
// +kubebuilder:validation:XValidation:rule="self.all(k, size(k) >= 1 && size(k) <= 127 && k.matches('^[\\\\p{L}\\\\p{Z}\\\\p{N}_.:/=+@-]*$') && !k.lowerAscii().startsWith('aws:'))",reason=FieldValueForbidden,message="AWS takes tag keys of 1 to 127 letters, digits, spaces and _.:/=+-@ that do not begin with aws:"
// +kubebuilder:validation:XValidation:rule="[self.map(k, k.lowerAscii())].all(keys, keys.all(a, keys.exists_one(b, a == b)))",reason=FieldValueForbidden,message="to IAM tag keys that differ in case are the same"
// +kubebuilder:validation:XValidation:rule="self.all(k, !(k.lowerAscii() in ['crossplane-kind', 'crossplane-name', 'crossplane-providerconfig']))",reason=FieldValueForbidden,message="provider-aws sets the tags crossplane-kind, crossplane-name and crossplane-providerconfig; choose other keys"
type Tags map[string]TagValue

// A TagValue is a tag's value.
// +kubebuilder:validation:MaxLength=256
// +kubebuilder:validation:XValidation:rule="size(self) <= 255 && self.matches('^[\\\\p{L}\\\\p{Z}\\\\p{N}_.:/=+@-]*$')",reason=FieldValueForbidden,message="AWS takes tag values of at most 255 letters, digits, spaces and _.:/=+-@"
type TagValue string
