package iam

// An Effect of a statement.
type Effect string

// All effects. A statement that denies outweighs all that allow.
const (
	EffectAllow Effect = "Allow"
	EffectDeny  Effect = "Deny"
)

// A Statement allows or denies actions on resources. Of two lists that exclude each other, such as Action and NotAction, one is empty.
type Statement struct {
	Sid    string `json:"Sid"`
	Effect Effect `json:"Effect"`

	// Principal of a resource's policy, or of a trust policy. An identity's policy has none.
	Principal Principal `json:"Principal,omitzero"`

	// Action has patterns of actions, in which a star stands for any text. Letters match in whatever case.
	Action Texts `json:"Action,omitempty"`

	// NotAction has patterns of the only actions that the statement is not about.
	NotAction Texts `json:"NotAction,omitempty"`

	// Resource has patterns of ARNs. A trust policy has none: it is about its role.
	Resource Texts `json:"Resource,omitempty"`

	// Condition must hold as a whole.
	Condition Condition `json:"Condition,omitempty"`
}

// Allow actions on the resources that On adds.
func Allow(sid string, actions ...string) Statement {
	return Statement{Sid: sid, Effect: EffectAllow, Action: actions}
}

// Deny actions on the resources that On adds, whatever allows them.
func Deny(sid string, actions ...string) Statement {
	return Statement{Sid: sid, Effect: EffectDeny, Action: actions}
}

// DenyAllBut these actions, on the resources that On adds.
func DenyAllBut(sid string, actions ...string) Statement {
	return Statement{Sid: sid, Effect: EffectDeny, NotAction: actions}
}

// On resources with these ARNs, or patterns of them.
func (s Statement) On(resources ...string) Statement {
	s.Resource = resources
	return s
}

// To a principal.
func (s Statement) To(p Principal) Statement {
	s.Principal = p
	return s
}

// If a condition holds too: the operator compares the request's value of the key with one of these.
func (s Statement) If(operator Operator, key string, values ...string) Statement {
	s.Condition = s.Condition.and(operator, key, values)
	return s
}
