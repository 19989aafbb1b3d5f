// Package asl is the part of the Amazon States Language that releases need, as typed structs: a state machine in the
// query language JSONata that calls AWS services, waits, chooses, and ends.
// See https://states-language.net/spec.html
package asl

import (
	"encoding/json"
	"maps"
)

// JSONata is the query language of every state machine here.
const JSONata = "JSONata"

// ErrAll stands for any error. It must stand alone, in the last retrier or catcher.
const ErrAll = "States.ALL"

// A StateMachine is a graph of named states.
type StateMachine struct {
	Comment       string `json:"Comment,omitempty"`
	QueryLanguage string `json:"QueryLanguage"`
	StartAt       string `json:"StartAt"`

	// TimeoutSeconds is the longest an execution may take, in seconds.
	TimeoutSeconds int `json:"TimeoutSeconds,omitempty"`

	States map[string]State `json:"States"`
}

// A State is one of Task, Choice, Wait, Pass, Succeed and Fail.
type State interface {
	isState()
}

// Variables to set when a state is done, by their names without "$".
type Variables map[string]any

// A Task calls an AWS service and waits for its answer.
type Task struct {
	Type taskType `json:"Type"`

	Comment string `json:"Comment,omitempty"`

	// Resource is the ARN of a service integration.
	Resource string `json:"Resource"`

	// Arguments of the call, as the service's API names them.
	Arguments any `json:"Arguments,omitempty"`

	// TimeoutSeconds is the longest the call may take, in seconds.
	TimeoutSeconds int `json:"TimeoutSeconds,omitempty"`

	Retry  []Retrier `json:"Retry,omitempty"`
	Catch  []Catcher `json:"Catch,omitempty"`
	Assign Variables `json:"Assign,omitempty"`
	Output Output    `json:"Output"`
	Next   string    `json:"Next"`
}

// An Output is what a Task hands to the next state of the answer to its call, by names. It is always written: a Task that says nothing
// hands the whole answer on, and the execution's history has it once more in each state behind it.
type Output map[string]Expr

// MarshalJSON writes an empty Output as an empty object.
func (o Output) MarshalJSON() ([]byte, error) {
	members := map[string]Expr{}
	maps.Copy(members, o)
	return json.Marshal(members)
}

// A Retrier repeats a Task after some errors.
type Retrier struct {
	ErrorEquals     []string `json:"ErrorEquals"`
	IntervalSeconds int      `json:"IntervalSeconds,omitempty"`
	MaxDelaySeconds int      `json:"MaxDelaySeconds,omitempty"`

	// MaxAttempts is how often to repeat. Nil: three times. Zero: never.
	MaxAttempts *int `json:"MaxAttempts,omitempty"`

	BackoffRate    float64 `json:"BackoffRate,omitempty"`
	JitterStrategy string  `json:"JitterStrategy,omitempty"`
}

// A Catcher goes on elsewhere after some errors. The next state's input is the error: an object with Error and Cause.
type Catcher struct {
	ErrorEquals []string  `json:"ErrorEquals"`
	Assign      Variables `json:"Assign,omitempty"`
	Next        string    `json:"Next"`
}

// A Choice goes on with the first rule whose condition holds.
type Choice struct {
	Type choiceType `json:"Type"`

	Comment string `json:"Comment,omitempty"`
	Choices []Rule `json:"Choices"`

	// Default is where to go on when no condition holds.
	Default string `json:"Default"`
}

// A Rule of a Choice.
type Rule struct {
	Condition Expr   `json:"Condition"`
	Next      string `json:"Next"`
}

// A Wait does nothing for a while.
type Wait struct {
	Type waitType `json:"Type"`

	Comment string `json:"Comment,omitempty"`
	Seconds int    `json:"Seconds"`
	Next    string `json:"Next"`
}

// A Pass only sets variables.
type Pass struct {
	Type passType `json:"Type"`

	Comment string    `json:"Comment,omitempty"`
	Assign  Variables `json:"Assign,omitempty"`
	Next    string    `json:"Next"`
}

// A Succeed ends the execution well.
type Succeed struct {
	Type succeedType `json:"Type"`

	Comment string `json:"Comment,omitempty"`
	Output  any    `json:"Output,omitempty"`
}

// A Fail ends the execution with an error.
type Fail struct {
	Type failType `json:"Type"`

	Comment string `json:"Comment,omitempty"`
	Error   Expr   `json:"Error"`
	Cause   Expr   `json:"Cause"`
}

func (Task) isState()    {}
func (Choice) isState()  {}
func (Wait) isState()    {}
func (Pass) isState()    {}
func (Succeed) isState() {}
func (Fail) isState()    {}

// The zero value of each of these types writes itself as the Type by which the language tells states apart.
type (
	taskType    struct{}
	choiceType  struct{}
	waitType    struct{}
	passType    struct{}
	succeedType struct{}
	failType    struct{}
)

func (taskType) MarshalText() ([]byte, error)    { return []byte("Task"), nil }
func (choiceType) MarshalText() ([]byte, error)  { return []byte("Choice"), nil }
func (waitType) MarshalText() ([]byte, error)    { return []byte("Wait"), nil }
func (passType) MarshalText() ([]byte, error)    { return []byte("Pass"), nil }
func (succeedType) MarshalText() ([]byte, error) { return []byte("Succeed"), nil }
func (failType) MarshalText() ([]byte, error)    { return []byte("Fail"), nil }
