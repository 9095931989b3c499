package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/segq/segq/cmd/segq/internal/version"
)

func versionCommand(io stdio) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(io.out, version.Text())
			return err
		},
	}
}
