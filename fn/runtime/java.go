package runtime

import (
	"fmt"
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
	const text, object = "java/lang/String", "java/lang/Object"
	class, method, _ := strings.Cut(handler, "::")
	name := strings.ReplaceAll(class, ".", "/")
	concat := classfile.InvokeVirtual(text, "concat", "(Ljava/lang/String;)Ljava/lang/String;")
	return []file{{name: name + ".class", content: classfile.Write(name, classfile.Method{
		Name:       method,
		Descriptor: "(Ljava/io/InputStream;Ljava/io/OutputStream;)V",
		Stack:      5,
		Locals:     3,
		Code: []classfile.Instruction{
			classfile.LoadReference(2),
			classfile.LoadText(answerBegin),
			// The class cannot branch. Of the empty event it makes the name of the variable with the colour, and no variable is called as
			// any other event: without a value the call throws.
			classfile.LoadReference(1),
			classfile.InvokeVirtual("java/io/InputStream", "readAllBytes", "()[B"),
			classfile.InvokeStatic("java/util/Arrays", "toString", "([B)Ljava/lang/String;"),
			classfile.LoadText(fmt.Sprintf("[%d, %d]", emptyEvent[0], emptyEvent[1])),
			classfile.LoadText("VERSION"),
			classfile.InvokeVirtual(text, "replace", "(Ljava/lang/CharSequence;Ljava/lang/CharSequence;)Ljava/lang/String;"),
			classfile.InvokeStatic("java/lang/System", "getenv", "(Ljava/lang/String;)Ljava/lang/String;"),
			classfile.LoadText(whyItFails),
			classfile.InvokeStatic("java/util/Objects", "requireNonNull", "(Ljava/lang/Object;Ljava/lang/String;)Ljava/lang/Object;"),
			classfile.InvokeVirtual(object, "toString", "()Ljava/lang/String;"),
			concat,
			classfile.LoadText(answerEnd),
			concat,
			classfile.InvokeVirtual(text, "getBytes", "()[B"),
			classfile.InvokeVirtual("java/io/OutputStream", "write", "([B)V"),
			classfile.Return(),
		},
	})}}
}
