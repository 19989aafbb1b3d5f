package fakeaws

import "strings"

// keysAndAttributes are what BatchGetItem wants of a table.
type keysAndAttributes struct {
	Keys                     []item
	ProjectionExpression     string
	ExpressionAttributeNames map[string]string
	ConsistentRead           bool
}

// batchGetItem answers in an order of its own, and leaves out what the table does not have.
func (db *DynamoDB) batchGetItem(r request) (string, any, error) {
	var in struct{ RequestItems map[string]keysAndAttributes }
	if err := db.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	table := db.cloud.setup.Table
	wanted, known := in.RequestItems[table]
	if !known || len(in.RequestItems) > 1 {
		return "", nil, badRequest("ResourceNotFoundException", "Requested resource not found")
	}
	if n := len(wanted.Keys); n < 1 || n > 100 {
		return db.tableARN(table), nil, validation("Too many items requested for the BatchGetItem call, or none: %d", n)
	}
	found, unprocessed, asked := []item{}, []item{}, map[string]bool{}
	for i, k := range wanted.Keys {
		key, err := db.key(table, k)
		if err == nil && asked[key] {
			err = validation("Provided list of item keys contains duplicates")
		}
		if err != nil {
			return db.tableARN(table), nil, err
		}
		asked[key] = true
		if i >= db.BatchSize {
			unprocessed = append(unprocessed, k)
			continue
		}
		if stored, ok := db.items[key]; ok {
			found = append([]item{wanted.project(stored)}, found...)
		}
	}
	answer := map[string]any{"Responses": map[string]any{table: found}, "UnprocessedKeys": map[string]any{}}
	if len(unprocessed) > 0 {
		wanted.Keys = unprocessed
		answer["UnprocessedKeys"] = map[string]any{table: wanted}
	}
	return db.tableARN(table), answer, nil
}

// project leaves those attributes of an item that are asked for.
func (k keysAndAttributes) project(i item) item {
	projected := item{}
	for name := range strings.SplitSeq(k.ProjectionExpression, ", ") {
		if full, ok := k.ExpressionAttributeNames[name]; ok {
			name = full
		}
		if a, ok := i[name]; ok {
			projected[name] = a
		}
	}
	return projected
}
