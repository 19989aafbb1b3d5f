// Package classfile writes class files that a Java virtual machine loads, as far as a bootstrap needs them: a public class
// whose methods call others and do not branch.
// See https://docs.oracle.com/javase/specs/jvms/se8/html/jvms-4.html
package classfile

import (
	"bytes"
	"encoding/binary"
)

// version is Java 8's, which every later Java loads too.
const version = 52

// Tags of what is in a constant pool.
const (
	tagUTF8        = 1
	tagClass       = 7
	tagString      = 8
	tagMethod      = 10
	tagNameAndType = 12
)

// Access flags. ACC_SUPER is of every class since Java 1.0.2.
const (
	accPublic = 0x0001
	accSuper  = 0x0020
)

// objectClass is what every class is.
const objectClass = "java/lang/Object"

// constructor is the name that the virtual machine has for one.
const constructor = "<init>"

// A Method is public, and belongs to an instance.
type Method struct {
	Name string

	// Descriptor of parameters and result: (Ljava/io/InputStream;)V
	Descriptor string

	// Stack and Locals are how many values the code has at most on its stack, and in variables. The first variable is the
	// instance, those after it are the parameters.
	Stack, Locals int

	Code []Instruction
}

// Write a public class with a constructor that takes nothing, and with the methods. Its name is written as the virtual
// machine does, com/example/Payment. The same class always gives the same bytes.
func Write(name string, methods ...Method) []byte {
	methods = append([]Method{{
		Name: constructor, Descriptor: "()V", Stack: 1, Locals: 1,
		Code: []Instruction{LoadReference(0), InvokeSpecial(objectClass, constructor, "()V"), Return()},
	}}, methods...)

	p := &pool{indices: map[string]int{}}
	this, super := p.class(name), p.class(objectClass)
	var body []byte
	for _, m := range methods {
		body = m.appendTo(body, p)
	}

	b := u4(nil, 0xCAFEBABE)
	b = u2(b, 0, version, p.count+1)
	b = append(b, p.entries.Bytes()...)
	b = u2(b, accPublic|accSuper, this, super)
	b = u2(b, 0, 0) // It has neither interfaces nor fields.
	b = u2(b, len(methods))
	b = append(b, body...)
	return u2(b, 0) // Nor attributes.
}

// appendTo what there is of methods already.
func (m Method) appendTo(b []byte, p *pool) []byte {
	var code []byte
	for _, i := range m.Code {
		code = append(code, i(p)...)
	}
	// Before its code the attribute has three lengths, and after it the numbers of handlers and of attributes: 12 bytes.
	b = u2(b, accPublic, p.utf8(m.Name), p.utf8(m.Descriptor), 1, p.utf8("Code"))
	b = u4(b, 12+len(code))
	b = u2(b, m.Stack, m.Locals)
	b = u4(b, len(code))
	b = append(b, code...)
	return u2(b, 0, 0)
}

// A pool has each constant once. They are counted from 1.
type pool struct {
	entries bytes.Buffer
	indices map[string]int
	count   int
}

func (p *pool) utf8(text string) int {
	return p.add(append(u2([]byte{tagUTF8}, len(text)), text...))
}

func (p *pool) class(name string) int {
	return p.add(u2([]byte{tagClass}, p.utf8(name)))
}

func (p *pool) text(s string) int {
	return p.add(u2([]byte{tagString}, p.utf8(s)))
}

func (p *pool) method(class, name, descriptor string) int {
	nameAndType := p.add(u2([]byte{tagNameAndType}, p.utf8(name), p.utf8(descriptor)))
	return p.add(u2([]byte{tagMethod}, p.class(class), nameAndType))
}

func (p *pool) add(entry []byte) int {
	if known, ok := p.indices[string(entry)]; ok {
		return known
	}
	p.count++
	p.indices[string(entry)] = p.count
	p.entries.Write(entry)
	return p.count
}

// u2 appends numbers of two bytes.
func u2(b []byte, values ...int) []byte {
	for _, v := range values {
		b = binary.BigEndian.AppendUint16(b, uint16(v)) //nolint:gosec // What is counted here is some dozens.
	}
	return b
}

// u4 appends a number of four bytes.
func u4(b []byte, value int) []byte {
	return binary.BigEndian.AppendUint32(b, uint32(value)) //nolint:gosec // What is counted here is some dozens.
}
