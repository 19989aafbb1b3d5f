package awsmodel

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"
)

// dataFiles are written by tools/awsmodels.
//
//go:embed data
var dataFiles embed.FS

// readData of a file below data. Its absence is a fs.ErrNotExist.
func readData(path string, into any) error {
	data, err := fs.ReadFile(dataFiles, "data/"+path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("cannot parse %q: %w", path, err)
	}
	return nil
}

// A cache of files below data.
type cache[T any] struct {
	files sync.Map
}

// load a file, which is not to be changed.
func (c *cache[T]) load(path string) (T, error) {
	if known, ok := c.files.Load(path); ok {
		return known.(T), nil //nolint:forcetypeassert // Nothing else is stored.
	}
	var file T
	if err := readData(path, &file); err != nil {
		return file, err
	}
	c.files.Store(path, file)
	return file, nil
}
