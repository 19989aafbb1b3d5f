import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Loads a handler from the directory, as Lambda does: classes are in it, and libraries in its folder lib. Nothing of the handler runs, no
 * static initialiser either. So what a build lacks, a secret or a network, does not matter, and what the artifact lacks is found.
 */
class Load extends URLClassLoader {
    /** What Lambda's runtime has for handlers. Libraries of events are not among it. */
    static final Set<String> OF_LAMBDA = Set.of("Client", "ClientContext", "CognitoIdentity", "Context", "CustomPojoSerializer",
        "LambdaLogger", "LambdaRuntime", "LambdaRuntimeInternal", "RequestHandler", "RequestStreamHandler",
        "logging.LogFormat", "logging.LogLevel");
    static final String PACKAGE = "com.amazonaws.services.lambda.runtime.";

    final int release;
    final List<String> own;

    public static void main(String[] args) throws Exception {
        List<String> all = List.of(args);
        new Load(Integer.parseInt(args[0].replace("java", "")), all.subList(2, all.size())).check(args[1]);
    }

    /** @param own libraries that are made of the same repository. */
    Load(int release, List<String> own) throws IOException {
        super(classPath(), ClassLoader.getPlatformClassLoader());
        this.release = release;
        this.own = own;
    }

    static URL[] classPath() throws IOException {
        List<URL> all = new ArrayList<>(List.of(new File(".").getCanonicalFile().toURI().toURL()));
        File[] libraries = new File("lib").getCanonicalFile().listFiles((folder, name) -> name.endsWith(".jar"));
        for (File library : libraries == null ? new File[0] : libraries) {
            all.add(library.toURI().toURL());
        }
        return all.toArray(URL[]::new);
    }

    void check(String handler) throws IOException {
        String[] parts = handler.split("::", 2);
        try {
            Class<?> type = Class.forName(parts[0], false, this);
            checkNeeds(parts[0]);
            if (!checkMethod(type, parts[1])) {
                checkConstructor(type);
            }
        } catch (ClassNotFoundException e) {
            stop("ClassNotFoundException: the handler is " + handler + ", and what is shipped has no class " + parts[0]
                + ". Compare service.handler with the class's package and name.");
        } catch (NoClassDefFoundError e) {
            missing(e.getMessage().replace('/', '.'), parts[0]);
        }
    }

    /** @return whether the method is static, so that it needs no object. */
    static boolean checkMethod(Class<?> type, String name) {
        var named = Arrays.stream(type.getMethods()).filter(m -> m.getName().equals(name)).toList();
        if (named.isEmpty()) {
            stop("NoSuchMethodException: the handler is " + type.getName() + "::" + name + ", and this class has no public method " + name
                + ". Compare service.handler with the method's name, and make the method public.");
        }
        return named.stream().allMatch(m -> Modifier.isStatic(m.getModifiers()));
    }

    static void checkConstructor(Class<?> type) {
        try {
            type.getConstructor();
        } catch (NoSuchMethodException e) {
            stop("NoSuchMethodException: the handler's class " + type.getName()
                + " has no public constructor without arguments, which Lambda calls.");
        }
        if (Modifier.isAbstract(type.getModifiers())) {
            stop("InstantiationException: the handler's class " + type.getName() + " is abstract, and Lambda makes an object of it.");
        }
    }

    /** Looks for each class that those of the service need, from the handler on. What libraries need is for their authors to know. */
    void checkNeeds(String handler) throws IOException {
        Set<String> seen = new HashSet<>(Set.of(handler));
        ArrayDeque<String> rest = new ArrayDeque<>(seen);
        while (!rest.isEmpty()) {
            String name = rest.remove();
            URL url = getResource(name.replace('.', '/') + ".class");
            if (url == null || !isOwn(url)) {
                continue;
            }
            for (String needed : needs(url, name)) {
                if (seen.add(needed)) {
                    if (!isThere(needed)) {
                        missing(needed, name);
                    }
                    rest.add(needed);
                }
            }
        }
    }

    /** @return whether a class is the service's, and not a library's: its file is in the directory, or in a library made with it. */
    boolean isOwn(URL url) {
        return url.getProtocol().equals("file") || own.stream().anyMatch(library -> url.getPath().contains("/lib/" + library + "!"));
    }

    boolean isThere(String name) {
        return getResource(name.replace('.', '/') + ".class") != null || isOfLambda(name);
    }

    static boolean isOfLambda(String name) {
        return name.startsWith(PACKAGE) && OF_LAMBDA.contains(name.substring(PACKAGE.length()));
    }

    /** Classes in the constants of a class: those that its code uses, not those of annotations, which need not be there. */
    List<String> needs(URL file, String name) throws IOException {
        List<String> found = new ArrayList<>();
        try (InputStream stream = file.openStream(); DataInputStream in = new DataInputStream(stream)) {
            in.readInt();
            in.readUnsignedShort();
            int compiled = in.readUnsignedShort() - 44;
            if (compiled > release) {
                stop("UnsupportedClassVersionError: " + name + " is compiled for Java " + compiled + ", and the functions have java"
                    + release + ": set the compiler's release to " + release + ", or service.runtime to a newer one.");
            }
            String[] texts = new String[in.readUnsignedShort()];
            List<Integer> classes = new ArrayList<>();
            for (int i = 1; i < texts.length; i++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> texts[i] = in.readUTF();
                    case 7 -> classes.add(in.readUnsignedShort());
                    case 8, 16, 19, 20 -> in.skipBytes(2);
                    case 15 -> in.skipBytes(3);
                    case 5, 6 -> {
                        in.skipBytes(8);
                        i++; // These two count twice.
                    }
                    default -> in.skipBytes(4);
                }
            }
            for (int index : classes) {
                String of = texts[index].replaceFirst("^\\[+(L(.*);|.)$", "$2");
                if (!of.isEmpty()) {
                    found.add(of.replace('/', '.'));
                }
            }
        }
        return found;
    }

    /** Lambda's own types, if the artifact has them not: empty ones, as nothing runs. */
    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try {
            return super.findClass(name);
        } catch (ClassNotFoundException e) {
            if (!isOfLambda(name)) {
                throw e;
            }
            byte[] code = emptyInterface(name);
            return defineClass(name, code, 0, code.length);
        }
    }

    static byte[] emptyInterface(String name) {
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(code)) {
            out.writeInt(0xCAFEBABE);
            out.writeInt(61); // Java 17.
            out.writeShort(5);
            out.writeByte(1);
            out.writeUTF(name.replace('.', '/'));
            out.writeByte(7);
            out.writeShort(1);
            out.writeByte(1);
            out.writeUTF("java/lang/Object");
            out.writeByte(7);
            out.writeShort(3);
            out.writeShort(Modifier.PUBLIC | Modifier.ABSTRACT | Modifier.INTERFACE);
            out.writeShort(2);
            out.writeShort(4);
            out.writeLong(0); // No interfaces, fields, methods or attributes.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return code.toByteArray();
    }

    static void missing(String name, String user) {
        stop("NoClassDefFoundError: " + user + " needs the class " + name + ", which is not in what is shipped. Its dependency has"
            + " the scope provided or test, or is compileOnly: give it the scope compile or runtime. If a layer has it, set"
            + " build.handlerCheck to Disabled.");
    }

    static void stop(String why) {
        System.err.println("\nThe build stops: " + why);
        System.exit(1);
    }
}
