package access

import (
	"fmt"
	"strings"
)

// DeniedError is what AWS says to a role that may not make a call.
type DeniedError struct {
	Role    string
	Request Request

	because string
}

// Error in AWS's words. Which session of the role it was matters to nobody.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html.
func (d *DeniedError) Error() string {
	session := strings.NewReplacer(":iam:", ":sts:", ":role/", ":assumed-role/").Replace(d.Role) + "/session"
	return fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s %s", session, d.Request.Action, d.Request.Resource, d.because)
}

// because of what AWS denies a request, in its words.
func (a *Account) because(role string, r Request, decision Decision) string {
	identity := Policies{Identity: a.policies[role]}
	switch own, _ := identity.Decide(r); {
	case decision == ImplicitDeny:
		return fmt.Sprintf("because no identity-based policy allows the %s action", r.Action)
	case own == ExplicitDeny:
		return "with an explicit deny in an identity-based policy"
	default:
		return "with an explicit deny in a resource-based policy"
	}
}
