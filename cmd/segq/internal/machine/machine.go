// Package machine asks the operating system how much memory this process may have, how
// much it has used, and whether those live that it works for, with a file for each system.
package machine
