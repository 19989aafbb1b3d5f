package awsmodel

// A Command of AWS's command line.
type Command struct {
	// Required options, without their hyphens.
	Required []string `json:"required"`

	// Options that there are, the required ones among them, without those that all commands have.
	Options []string `json:"options"`

	// Answers are the names of all members of what it prints, at any depth.
	Answers []string `json:"answers"`
}

// LoadCommands that documents tell people to type, by service and operation: "lambda get-alias".
func LoadCommands() (map[string]Command, error) {
	var file struct {
		Commands map[string]Command `json:"commands"`
	}
	err := readData("commands.json", &file)
	return file.Commands, err
}
