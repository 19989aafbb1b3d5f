package sdk

import (
	"fmt"
	"reflect"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// encode returns an SDK's output as the result of a task. Members that the answer does not have are left out.
func (n names) encode(out any) (any, error) {
	return n.encodeValue(reflect.ValueOf(out))
}

func (n names) encodeValue(v reflect.Value) (any, error) {
	switch x := v.Interface().(type) {
	case time.Time:
		return instant(x), nil
	case types.AttributeValue:
		return encodeAttribute(x)
	}
	switch v.Kind() {
	case reflect.Pointer:
		return n.encodeValue(v.Elem())
	case reflect.Struct:
		members := map[string]any{}
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if !field.IsExported() || field.Anonymous || field.Name == "ResultMetadata" || absent(v.Field(i)) {
				continue
			}
			name, err := n.of(v.Type(), field.Name)
			if err != nil {
				return nil, err
			}
			member, err := n.encodeValue(v.Field(i))
			if err != nil {
				return nil, err
			}
			members[name] = member
		}
		return members, nil
	case reflect.Map:
		members := map[string]any{}
		for name, member := range v.Seq2() {
			m, err := n.encodeValue(member)
			if err != nil {
				return nil, err
			}
			members[name.String()] = m
		}
		return members, nil
	case reflect.Slice:
		items := make([]any, v.Len())
		for i := range items {
			item, err := n.encodeValue(v.Index(i))
			if err != nil {
				return nil, err
			}
			items[i] = item
		}
		return items, nil
	case reflect.String:
		return v.String(), nil
	case reflect.Bool:
		return v.Bool(), nil
	case reflect.Float32, reflect.Float64:
		return v.Float(), nil
	case reflect.Int, reflect.Int32, reflect.Int64:
		return float64(v.Int()), nil
	default:
		return nil, fmt.Errorf("cannot encode a %s", v.Type())
	}
}

// absent says whether the answer did not have a member. The SDK's structs cannot tell for numbers and booleans.
func absent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return v.IsNil()
	case reflect.String:
		return v.String() == ""
	default:
		return false
	}
}

// instant returns the supplied time as Java writes an Instant: with milliseconds only if there are any.
func instant(t time.Time) string {
	if t.Nanosecond() == 0 {
		return t.UTC().Format("2006-01-02T15:04:05Z")
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func encodeAttribute(v types.AttributeValue) (any, error) {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return map[string]any{"S": v.Value}, nil
	case *types.AttributeValueMemberN:
		return map[string]any{"N": v.Value}, nil
	case *types.AttributeValueMemberBOOL:
		return map[string]any{"BOOL": v.Value}, nil
	default:
		return nil, fmt.Errorf("cannot encode a %T", v)
	}
}
