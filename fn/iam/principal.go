package iam

// A Principal is who does something: AWS accounts, roles and users by their ARNs, or AWS services.
type Principal struct {
	AWS     Values `json:"AWS,omitempty"`
	Service Values `json:"Service,omitempty"`
}

// Anyone at all, whether AWS knows them or not.
func Anyone() Principal {
	return Principal{AWS: Values{"*"}}
}

// AWS principals with these ARNs.
func AWS(arns ...string) Principal {
	return Principal{AWS: arns}
}

// Service of AWS, such as lambda.amazonaws.com.
func Service(name string) Principal {
	return Principal{Service: Values{name}}
}
