// Package machine asks the operating system how much memory this process may have, and how
// much it has used, with a file for each system.
package machine
