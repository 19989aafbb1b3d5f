package fakeaws

import (
	"encoding/json"
	"maps"
	"slices"
)

// DynamoDB has one table.
type DynamoDB struct {
	// BatchSize is how many items BatchGetItem processes in one call.
	BatchSize int

	cloud *Cloud
	items map[string]item

	// written are all items in the order in which they were written.
	written []item
}

// An item has attributes by their names.
type item map[string]attribute

// An attribute has one member, which is named as its type: S, N or BOOL.
type attribute map[string]any

func newDynamoDB(c *Cloud) *DynamoDB {
	return &DynamoDB{BatchSize: 100, cloud: c, items: map[string]item{}}
}

// Items of the table by their keys, with types left out: text as string, numbers as json.Number.
func (db *DynamoDB) Items() map[string]map[string]any {
	db.cloud.mu.Lock()
	defer db.cloud.mu.Unlock()
	items := make(map[string]map[string]any, len(db.items))
	for key, stored := range db.items {
		items[key] = stored.plain()
	}
	return items
}

// Put an item of texts into the table, as if it had been there before.
func (db *DynamoDB) Put(key string, texts map[string]string) {
	db.cloud.mu.Lock()
	defer db.cloud.mu.Unlock()
	stored := item{}
	for name, text := range texts {
		stored[name] = attribute{"S": text}
	}
	db.items[key] = stored
}

// Written are all items as they were after each update, in order.
func (db *DynamoDB) Written() []map[string]any {
	db.cloud.mu.Lock()
	defer db.cloud.mu.Unlock()
	items := make([]map[string]any, len(db.written))
	for i, w := range db.written {
		items[i] = w.plain()
	}
	return items
}

func (i item) plain() map[string]any {
	attributes := make(map[string]any, len(i))
	for name, a := range i {
		attributes[name] = a.plain()
	}
	return attributes
}

func (a attribute) plain() any {
	if n, ok := a["N"].(string); ok {
		return json.Number(n)
	}
	for _, v := range a {
		return v
	}
	return nil
}

// valid says whether the attribute is of a known type.
func (a attribute) valid() bool {
	if len(a) != 1 {
		return false
	}
	_, isText := a["S"].(string)
	_, isBool := a["BOOL"].(bool)
	n, isNumber := a["N"].(string)
	return isText || isBool || isNumber && json.Valid([]byte(n))
}

func (db *DynamoDB) tableARN(table string) string {
	return db.cloud.arn("dynamodb", "table/"+table)
}

// key of the item that a request is about.
func (db *DynamoDB) key(table string, key item) (string, error) {
	if table != db.cloud.setup.Table {
		return "", badRequest("ResourceNotFoundException", "Requested resource not found")
	}
	k, ok := key[db.cloud.setup.Key]["S"].(string)
	if !ok || len(key) != 1 {
		return "", validation("The provided key element does not match the schema")
	}
	if k == "" {
		return "", validation("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: %s", db.cloud.setup.Key)
	}
	return k, nil
}

func validation(format string, args ...any) *Fault {
	return badRequest("ValidationException", format, args...)
}

func (db *DynamoDB) getItem(r request) (string, any, error) {
	var in struct {
		TableName      string
		Key            item
		ConsistentRead bool
	}
	if err := db.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	key, err := db.key(in.TableName, in.Key)
	if err != nil {
		return db.tableARN(in.TableName), nil, err
	}
	answer := map[string]any{}
	if found, ok := db.items[key]; ok {
		answer["Item"] = found
	}
	return db.tableARN(in.TableName), answer, nil
}

type updateItem struct {
	TableName                 string
	Key                       item
	UpdateExpression          string
	ConditionExpression       string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]attribute
	ReturnValues              string
}

func (db *DynamoDB) updateItem(r request) (string, any, error) {
	var in updateItem
	if err := db.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	resource := db.tableARN(in.TableName)
	key, err := db.key(in.TableName, in.Key)
	if err != nil {
		return resource, nil, err
	}
	update, condition, err := db.parse(in)
	if err != nil {
		return resource, nil, err
	}
	old := db.items[key]
	if condition != nil && !condition(old) {
		return resource, nil, badRequest("ConditionalCheckFailedException", "The conditional request failed")
	}
	updated := maps.Clone(old)
	if updated == nil {
		updated = maps.Clone(in.Key)
	}
	for name, value := range update {
		v := value(old)
		if v == nil {
			return resource, nil, validation("The provided expression refers to an attribute that does not exist in the item")
		}
		updated[name] = v
	}
	db.items[key] = updated
	db.written = append(db.written, updated)
	switch in.ReturnValues {
	case "ALL_NEW":
		return resource, map[string]any{"Attributes": updated}, nil
	case "UPDATED_OLD":
		before := item{}
		for name := range update {
			if value, ok := old[name]; ok {
				before[name] = value
			}
		}
		return resource, map[string]any{"Attributes": before}, nil
	}
	return resource, map[string]any{}, nil
}

// parse the expressions of a request. Every name and value that is given must be used, as DynamoDB wants it.
func (db *DynamoDB) parse(in updateItem) (update map[string]operand, condition condition, err error) {
	for name, v := range in.ExpressionAttributeValues {
		if !v.valid() {
			return nil, nil, db.cloud.unexpected("invalid or unknown attribute value: %s = %v", name, v)
		}
	}
	if !slices.Contains([]string{"", "NONE", "ALL_NEW", "UPDATED_OLD"}, in.ReturnValues) {
		return nil, nil, db.cloud.unexpected("unknown ReturnValues: %q", in.ReturnValues)
	}
	names := &placeholders{names: in.ExpressionAttributeNames, values: in.ExpressionAttributeValues, used: map[string]bool{}}
	update, err = parseUpdate(in.UpdateExpression, names)
	if err == nil && in.ConditionExpression != "" {
		condition, err = parseCondition(in.ConditionExpression, names)
	}
	if err != nil {
		return nil, nil, db.cloud.unexpected("cannot parse expression: %v", err)
	}
	if unused := names.unused(); len(unused) > 0 {
		return nil, nil, validation("Value provided in ExpressionAttributeNames or ExpressionAttributeValues unused in expressions: %v", unused)
	}
	if _, ok := update[db.cloud.setup.Key]; ok {
		return nil, nil, validation("Cannot update attribute %s. This attribute is part of the key", db.cloud.setup.Key)
	}
	return update, condition, nil
}
