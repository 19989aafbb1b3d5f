package memo

import "reflect"

// sizeOf a value is how many bytes it keeps in memory: its own, and those of all that it points to. What two places share counts once if
// they share a pointer, and twice if they share the bytes of a text. A map takes more than its keys and values: twice as much, at most.
func sizeOf(value any) int {
	v := reflect.ValueOf(value)
	if !v.IsValid() {
		return 0
	}
	return int(v.Type().Size()) + beyond(v, map[uintptr]bool{})
}

// beyond is what a value points to.
func beyond(v reflect.Value, seen map[uintptr]bool) int {
	switch v.Kind() {
	case reflect.String:
		return v.Len()
	case reflect.Interface:
		if v.IsNil() {
			return 0
		}
		return whole(v.Elem(), seen)
	case reflect.Pointer:
		if v.IsNil() || seen[v.Pointer()] {
			return 0
		}
		seen[v.Pointer()] = true
		return whole(v.Elem(), seen)
	case reflect.Slice:
		unused := (v.Cap() - v.Len()) * int(v.Type().Elem().Size())
		return unused + v.Len()*int(v.Type().Elem().Size()) + elements(v, seen)
	case reflect.Array:
		return elements(v, seen)
	case reflect.Struct:
		n := 0
		for _, field := range v.Fields() {
			n += beyond(field, seen)
		}
		return n
	case reflect.Map:
		n := 0
		for of := v.MapRange(); of.Next(); {
			n += 2*int(v.Type().Key().Size()+v.Type().Elem().Size()) + beyond(of.Key(), seen) + beyond(of.Value(), seen)
		}
		return n
	default:
		return 0
	}
}

// whole is a value with what it points to.
func whole(v reflect.Value, seen map[uintptr]bool) int {
	return int(v.Type().Size()) + beyond(v, seen)
}

// elements are what those of a list point to.
func elements(v reflect.Value, seen map[uintptr]bool) int {
	if isPlain(v.Type().Elem().Kind()) {
		return 0
	}
	n := 0
	for i := range v.Len() {
		n += beyond(v.Index(i), seen)
	}
	return n
}

// isPlain reports whether values of a kind point to nothing.
func isPlain(k reflect.Kind) bool {
	return k >= reflect.Bool && k <= reflect.Complex128
}
