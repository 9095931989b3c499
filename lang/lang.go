// Package lang is the door to PQL: compile a text, format it, colour it,
// complete it, and show what is wrong with it.
package lang
