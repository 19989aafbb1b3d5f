package render

import (
	"os"
	"path/filepath"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// ReadObserved reads managed resources as kubectl gets them: from a file, or from all YAML files of a folder, one by one or as
// a list. They lose their owners: the XR that is rendered is another one than that of the cluster, and Crossplane renders none that
// another controls.
func ReadObserved(path string) ([]*unstructured.Unstructured, error) {
	files := []string{path}
	if info, err := os.Stat(path); err != nil {
		return nil, err
	} else if info.IsDir() {
		if files, err = filepath.Glob(filepath.Join(path, "*.yaml")); err != nil {
			return nil, err
		}
	}

	var observed []*unstructured.Unstructured
	for _, file := range files {
		stream, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		objects, err := Parse(stream)
		if err != nil {
			return nil, errors.Wrapf(err, "cannot read %q", file)
		}
		for _, u := range objects {
			observed = append(observed, withoutOwners(u)...)
		}
	}
	return observed, nil
}

// withoutOwners are the object, or the items of the list, without owners.
func withoutOwners(u *unstructured.Unstructured) []*unstructured.Unstructured {
	objects := []*unstructured.Unstructured{u}
	if u.IsList() {
		objects = nil
		_ = u.EachListItem(func(item runtime.Object) error {
			objects = append(objects, item.(*unstructured.Unstructured)) //nolint:forcetypeassert // An unstructured list has no others.
			return nil
		})
	}
	for _, o := range objects {
		o.SetOwnerReferences(nil)
	}
	return objects
}
