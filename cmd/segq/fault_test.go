package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/output"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/redisx/record"
)

// A panic of a command is status 7, and its report is kept in a file.
func TestFault(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	err := exit.Guard(func() error {
		var none []int
		return fmt.Errorf("%d", none[len(os.Args)])
	})
	if status := exit.StatusOf(context.Background(), err); status != exit.Internal {
		t.Errorf("status %d", status)
	}
	text := errorText(err, exit.Internal)
	if strings.Contains(text, "goroutine") || !strings.HasPrefix(text, "internal error: runtime error: index out of range") {
		t.Errorf("%s", text)
	}
	report, err := os.ReadFile(regexp.MustCompile(`\S+$`).FindString(text))
	if err != nil || !strings.Contains(string(report), "TestFault") || !strings.Contains(string(report), "segq ") {
		t.Errorf("report: %v\n%s", err, report)
	}
}

func TestStatuses(t *testing.T) {
	fault := &ast.Fault{Value: "broken"}
	failed := func(code string) *record.Record {
		return &record.Record{Status: record.Failed, Error: &record.Error{Code: code}}
	}
	late, cancelled := &record.Record{Status: record.Timeout}, &record.Record{Status: record.Cancelled}
	for i, test := range []struct {
		err  error
		want int
	}{
		{exit.Data(fmt.Errorf("while loading: %w", fault)), exit.Internal},
		{statusOfRecords([]*record.Record{{Status: record.OK}, failed(ast.Internal)}), exit.Internal},
		{statusOfRecords([]*record.Record{{Status: record.OK}, failed("unknown-field")}), exit.Partial},
		{statusOfRecords([]*record.Record{late, late}), exit.TimedOut},
		{statusOfRecords([]*record.Record{late, {Status: record.OK}}), exit.Partial},
		{statusOfRecords([]*record.Record{cancelled, {Status: record.OK}}), exit.Partial},
		{statusOfRecords([]*record.Record{cancelled}), exit.WrongQuery},
		{&output.Error{To: "x", Err: os.ErrPermission}, exit.Unwritten},
		{errors.Join(&output.Error{To: "x", Err: os.ErrNotExist}, context.Canceled), exit.Unwritten},
		{exit.Data(os.ErrPermission), exit.Unreachable},
	} {
		if got := exit.StatusOf(context.Background(), test.err); got != test.want {
			t.Errorf("%d: status %d, want %d", i, got, test.want)
		}
	}
}
