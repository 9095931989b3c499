// Package machine asks the operating system what this process can have, and what it had: a
// file for each system.
package machine
