package runtime

import (
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/classfile"
)

var java = language{
	Language:  Java,
	bootstrap: javaBootstrap,
}

// javaBootstrap is the handler's class, class::method, as Lambda looks for it. A method with these parameters needs no library:
// https://github.com/aws/aws-lambda-java-libs/blob/main/aws-lambda-java-runtime-interface-client/src/main/java/com/amazonaws/services/lambda/runtime/api/client/EventHandlerLoader.java.
func javaBootstrap(handler string) []file {
	const text = "java/lang/String"
	class, method, _ := strings.Cut(handler, "::")
	name := strings.ReplaceAll(class, ".", "/")
	concat := classfile.InvokeVirtual(text, "concat", "(Ljava/lang/String;)Ljava/lang/String;")
	return []file{{name: name + ".class", content: classfile.Write(name, classfile.Method{
		Name:       method,
		Descriptor: "(Ljava/io/InputStream;Ljava/io/OutputStream;)V",
		Stack:      3,
		Locals:     3,
		Code: []classfile.Instruction{
			classfile.LoadReference(2),
			classfile.LoadText(answerBegin),
			classfile.LoadText("VERSION"),
			classfile.InvokeStatic("java/lang/System", "getenv", "(Ljava/lang/String;)Ljava/lang/String;"),
			concat,
			classfile.LoadText(answerEnd),
			concat,
			classfile.InvokeVirtual(text, "getBytes", "()[B"),
			classfile.InvokeVirtual("java/io/OutputStream", "write", "([B)V"),
			classfile.Return(),
		},
	})}}
}
