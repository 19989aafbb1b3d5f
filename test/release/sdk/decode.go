package sdk

import (
	"fmt"
	"io"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

var (
	attributeValue = reflect.TypeFor[types.AttributeValue]()
	timestamp      = reflect.TypeFor[time.Time]()
	body           = reflect.TypeFor[io.Reader]()
)

// decode arguments into an SDK's input. Errors name the member that is unknown or has the wrong type.
func (n names) decode(arguments, in any) error {
	if arguments == nil {
		arguments = map[string]any{}
	}
	return n.into(reflect.ValueOf(in).Elem(), arguments, "Arguments")
}

func (n names) into(to reflect.Value, from any, path string) error {
	if to.Type() == attributeValue {
		v, err := decodeAttribute(from, path)
		if err == nil {
			to.Set(reflect.ValueOf(v))
		}
		return err
	}
	if to.Type() == timestamp {
		return decodeTime(to, from, path)
	}
	if text, ok := from.(string); ok && to.Type() == body {
		to.Set(reflect.ValueOf(strings.NewReader(text)))
		return nil
	}
	mismatch := fmt.Errorf("%s must be a %s, not %T", path, to.Type(), from)
	switch to.Kind() {
	case reflect.Pointer:
		to.Set(reflect.New(to.Type().Elem()))
		return n.into(to.Elem(), from, path)
	case reflect.Struct:
		members, ok := from.(map[string]any)
		if !ok {
			return mismatch
		}
		return n.decodeStruct(to, members, path)
	case reflect.Map:
		members, ok := from.(map[string]any)
		if !ok {
			return mismatch
		}
		return n.decodeMap(to, members, path)
	case reflect.Slice:
		items, ok := from.([]any)
		if !ok {
			return mismatch
		}
		to.Set(reflect.MakeSlice(to.Type(), len(items), len(items)))
		for i, item := range items {
			if err := n.into(to.Index(i), item, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
		return nil
	default:
		if !setScalar(to, from) {
			return mismatch
		}
		return checkEnum(to, path)
	}
}

func (n names) decodeStruct(to reflect.Value, members map[string]any, path string) error {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		field, ok := n.field(to.Type(), name)
		if !ok {
			return fmt.Errorf("%s has no member %q", path, name)
		}
		if err := n.into(to.FieldByIndex(field.Index), members[name], path+"."+name); err != nil {
			return err
		}
	}
	return nil
}

func (n names) decodeMap(to reflect.Value, members map[string]any, path string) error {
	to.Set(reflect.MakeMap(to.Type()))
	for _, name := range slices.Sorted(maps.Keys(members)) {
		member := reflect.New(to.Type().Elem()).Elem()
		if err := n.into(member, members[name], path+"."+name); err != nil {
			return err
		}
		to.SetMapIndex(reflect.ValueOf(name).Convert(to.Type().Key()), member)
	}
	return nil
}

func setScalar(to reflect.Value, from any) bool {
	switch v := from.(type) {
	case string:
		if to.Kind() != reflect.String {
			return false
		}
		to.SetString(v)
	case bool:
		if to.Kind() != reflect.Bool {
			return false
		}
		to.SetBool(v)
	case float64:
		switch {
		case to.CanFloat():
			to.SetFloat(v)
		case to.CanInt() && v == math.Trunc(v) && !to.OverflowInt(int64(v)):
			to.SetInt(int64(v))
		default:
			return false
		}
	default:
		return false
	}
	return true
}

// decodeTime from text as in ISO 8601.
func decodeTime(to reflect.Value, from any, path string) error {
	text, _ := from.(string)
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return fmt.Errorf("%s must be a timestamp, not %v", path, from)
	}
	to.Set(reflect.ValueOf(t))
	return nil
}

// checkEnum refuses values that the API model does not list.
func checkEnum(v reflect.Value, path string) error {
	values := v.MethodByName("Values")
	if !values.IsValid() {
		return nil
	}
	known := values.Call(nil)[0]
	for i := range known.Len() {
		if known.Index(i).Equal(v) {
			return nil
		}
	}
	return fmt.Errorf("%s must be one of %v, not %q", path, known, v)
}

// decodeAttribute of an item. The optimised integration with DynamoDB writes types as DynamoDB itself does.
func decodeAttribute(from any, path string) (types.AttributeValue, error) {
	members, ok := from.(map[string]any)
	if !ok || len(members) != 1 {
		return nil, fmt.Errorf("%s must be an object with one type", path)
	}
	for name, v := range members {
		switch v := v.(type) {
		case string:
			if name == "S" {
				return &types.AttributeValueMemberS{Value: v}, nil
			}
			if name == "N" {
				return &types.AttributeValueMemberN{Value: v}, nil
			}
		case bool:
			if name == "BOOL" {
				return &types.AttributeValueMemberBOOL{Value: v}, nil
			}
		}
		return nil, fmt.Errorf("%s has an unknown or mistyped attribute value: %q of %T", path, name, v)
	}
	return nil, nil
}
