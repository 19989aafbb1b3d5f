package classfile

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWrite compares a class with what the specification says, byte by byte.
func TestWrite(t *testing.T) {
	utf8 := func(text string) string {
		return "01 00 " + hex.EncodeToString([]byte{byte(len(text))}) + hex.EncodeToString([]byte(text))
	}
	want := strings.Join([]string{
		"CAFEBABE 0000 0034", // Java 8
		"0010",               // 15 constants, and 1
		utf8("a/B"),          // 1
		"07 0001",            // 2: the class
		utf8("java/lang/Object"),
		"07 0003",      // 4: what it extends
		utf8("<init>"), // 5
		utf8("()V"),
		"0C 0005 0006",
		"0A 0004 0007", // 8: its constructor
		utf8("Code"),
		utf8("text"), // 10
		"08 000A",
		utf8("stop"), // 12
		"0C 000C 0006",
		"0A 0002 000D",        // 14: stop of the class itself
		utf8("run"),           // 15
		"0021 0002 0004",      // public
		"0000 0000 0002",      // no interfaces, no fields, two methods
		"0001 0005 0006 0001", // the constructor, which has code
		"0009 00000012 0001 0001 00000006",
		"19 00 B7 0008 B1", // aload 0, invokespecial, return
		"0000 0000",
		"0001 000F 0006 0001", // run
		"0009 00000013 0002 0001 00000007",
		"13 000B B8 000E B1", // ldc_w, invokestatic, return
		"0000 0000",
		"0000",
	}, "")

	got := Write("a/B", Method{Name: "run", Descriptor: "()V", Stack: 2, Locals: 1, Code: []Instruction{
		LoadText("text"), InvokeStatic("a/B", "stop", "()V"), Return(),
	}})
	if diff := cmp.Diff(strings.ToLower(strings.ReplaceAll(want, " ", "")), hex.EncodeToString(got)); diff != "" {
		t.Errorf("Write(...): -want, +got:\n%s", diff)
	}
}

// TestWriteIsStable checks that no order of a map shows.
func TestWriteIsStable(t *testing.T) {
	write := func() []byte {
		return Write("A", Method{Name: "m", Descriptor: "()V", Stack: 1, Locals: 1, Code: []Instruction{
			LoadReference(0), InvokeVirtual("A", "n", "()V"), LoadText("x"), LoadText("y"), Return(),
		}})
	}
	for range 10 {
		if !bytes.Equal(write(), write()) {
			t.Fatal("want the same bytes each time")
		}
	}
}
