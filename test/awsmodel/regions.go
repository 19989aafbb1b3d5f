package awsmodel

import "slices"

// Regions of AWS: those in which all services of a pipeline are, and the others.
func Regions() (offered, others []string, err error) {
	var data struct {
		Regions []string            `json:"regions"`
		Offered map[string][]string `json:"offered"`
	}
	if err := readData("regions.json", &data); err != nil {
		return nil, nil, err
	}
	for _, region := range data.Regions {
		everywhere := true
		for _, regions := range data.Offered {
			everywhere = everywhere && slices.Contains(regions, region)
		}
		if everywhere {
			offered = append(offered, region)
		} else {
			others = append(others, region)
		}
	}
	return offered, others, nil
}
