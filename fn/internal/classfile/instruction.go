package classfile

// An Instruction is its bytes, given the constants that it names.
// See https://docs.oracle.com/javase/specs/jvms/se8/html/jvms-6.html
type Instruction func(p *pool) []byte

// Opcodes.
const (
	opLoadConstant  = 0x13 // ldc_w
	opLoadReference = 0x19 // aload
	opReturn        = 0xB1
	opInvokeVirtual = 0xB6
	opInvokeSpecial = 0xB7
	opInvokeStatic  = 0xB8
)

// LoadReference puts the variable with the supplied number on the stack.
func LoadReference(variable byte) Instruction {
	return func(*pool) []byte { return []byte{opLoadReference, variable} }
}

// LoadText puts a text on the stack. It is of ASCII: a class file has its own encoding of other characters.
func LoadText(s string) Instruction {
	return func(p *pool) []byte { return u2([]byte{opLoadConstant}, p.text(s)) }
}

// InvokeVirtual calls a method of the instance that is on the stack below its arguments.
func InvokeVirtual(class, name, descriptor string) Instruction {
	return invoke(opInvokeVirtual, class, name, descriptor)
}

// InvokeSpecial calls a constructor.
func InvokeSpecial(class, name, descriptor string) Instruction {
	return invoke(opInvokeSpecial, class, name, descriptor)
}

// InvokeStatic calls a method of a class.
func InvokeStatic(class, name, descriptor string) Instruction {
	return invoke(opInvokeStatic, class, name, descriptor)
}

func invoke(opcode byte, class, name, descriptor string) Instruction {
	return func(p *pool) []byte { return u2([]byte{opcode}, p.method(class, name, descriptor)) }
}

// Return ends a method that has no result.
func Return() Instruction {
	return func(*pool) []byte { return []byte{opReturn} }
}
