package avro

import "testing"

// Polars writes the top record without a name, which the specification does not allow.
func TestRecordsWithoutNames(t *testing.T) {
	s, err := parse([]byte(`{"type":"record","name":"","fields":[
		{"name":"a","type":"long"},
		{"name":"b","type":{"type":"record","name":"","fields":[{"name":"c","type":"string"}]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if s.Kind != Record || len(s.Fields) != 2 || s.Fields[1].Schema.Kind != Record || s.Fields[1].Schema.Fields[0].Name != "c" {
		t.Errorf("%+v", s)
	}
}
