package main

import (
	"context"
	"fmt"
	"maps"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// javaName is the project of the AWS SDK for Java. The Makefile has its version.
const javaName = "aws-sdk-java"

// openJars of the AWS SDK for Java, by service.
func openJars(from string) (map[string]archive, error) {
	jars := map[string]archive{}
	for _, integration := range integrations {
		service, _, _ := strings.Cut(integration, ":")
		if _, opened := jars[service]; opened {
			continue
		}
		jar, err := openZip(from, service, ".jar")
		if err != nil {
			return nil, err
		}
		jar.name = javaName
		jars[service] = jar
	}
	return jars, nil
}

// writeJava writes, for each service that a state machine calls as it is, the names of the AWS SDK for Java, as Step Functions has them.
func writeJava(ctx context.Context, from string, jars map[string]archive, to string) error {
	for service, jar := range jars {
		classes, err := readClasses(ctx, from, service, jar)
		if err != nil {
			return err
		}
		kept := map[string][]string{}
		for _, integration := range integrations {
			operation, ok := strings.CutPrefix(integration, service+":")
			if !ok {
				continue
			}
			for _, end := range []string{"Request", "Response"} {
				if err := keepClass(operation+end, classes, kept); err != nil {
					return fmt.Errorf("service %q: %w", service, err)
				}
			}
		}
		file := section{{sourceKey, jar.source("Apache-2.0")}, {"errors", errorsIn(classes)}, {"shapes", kept}}
		if err := file.write(filepath.Join(to, service+".json")); err != nil {
			return err
		}
	}
	return nil
}

// A class of a service's model: the getter of each member, and the classes of the model that it is made of.
type class struct {
	getters []string
	parts   []string
}

// readClasses of a service's model with the JDK's javap.
func readClasses(ctx context.Context, dir, service string, jar archive) (map[string]class, error) {
	file, _, err := find(dir, service, ".jar")
	if err != nil {
		return nil, err
	}
	args := []string{"-public", "-classpath", file}
	for name := range jar.files {
		if ok, _ := path.Match("software/amazon/awssdk/services/*/model/*.class", name); ok && !strings.Contains(name, "$") {
			args = append(args, strings.ReplaceAll(strings.TrimSuffix(name, ".class"), "/", "."))
		}
	}
	out, err := exec.CommandContext(ctx, "javap", args...).Output()
	if err != nil {
		return nil, fmt.Errorf("cannot run javap, which is in a JDK: %w", err)
	}
	classes := map[string]class{}
	for text := range strings.SplitSeq(string(out), "\nCompiled from ") {
		if m := className.FindStringSubmatch(text); m != nil {
			classes[m[1]] = readClass(text)
		}
	}
	return classes, nil
}

var (
	className = regexp.MustCompile(`(?m)^public .*?(?:class|interface) software\.amazon\.awssdk\.services\.\w+\.model\.(\w+)`)
	getter    = regexp.MustCompile(`(?m)^  public final (\S+(?: \S+)*) (\w+)\(\);$`)
	part      = regexp.MustCompile(`software\.amazon\.awssdk\.services\.\w+\.model\.([\w$]+)`)
)

// noMember are methods that every class has.
var noMember = []string{"hashCode", "toString", "sdkFields", "sdkFieldNameToField"}

func readClass(text string) class {
	all := map[string]string{}
	for _, m := range getter.FindAllStringSubmatch(text, -1) {
		all[m[2]] = m[1]
	}
	var c class
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if slices.Contains(noMember, name) || besides(name, all) {
			continue
		}
		c.getters = append(c.getters, name)
		for _, m := range part.FindAllStringSubmatch(all[name], -1) {
			c.parts = append(c.parts, m[1])
		}
	}
	return c
}

// besides reports whether a method says in another way what a member is, or whether there is one.
func besides(name string, all map[string]string) bool {
	for _, end := range []string{"AsString", "AsStrings"} {
		if member, ok := strings.CutSuffix(name, end); ok && all[member] != "" {
			return true
		}
	}
	member, ok := strings.CutPrefix(name, "has")
	return ok && member != "" && all["has"+member] == "boolean" && all[lowerFirst(member)] != ""
}

func lowerFirst(name string) string {
	return strings.ToLower(name[:1]) + name[1:]
}

// keepClass with the names that Step Functions gives its members, and all that it is made of.
func keepClass(name string, classes map[string]class, kept map[string][]string) error {
	if _, ok := kept[name]; ok {
		return nil
	}
	c, ok := classes[name]
	if !ok {
		return fmt.Errorf("the SDK for Java has no class %q", name)
	}
	kept[name] = []string{}
	for _, getter := range c.getters {
		kept[name] = append(kept[name], strings.ToUpper(getter[:1])+getter[1:])
	}
	for _, part := range c.parts {
		// Those without members are enumerations.
		if len(classes[part].getters) > 0 {
			if err := keepClass(part, classes, kept); err != nil {
				return err
			}
		}
	}
	return nil
}

// errorsIn the model, of which one stands for all that it does not know.
func errorsIn(classes map[string]class) []string {
	var names []string
	for name := range classes {
		if strings.HasSuffix(name, "Exception") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
