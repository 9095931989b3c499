package main

// personalWords lead to the topic of personal data.
var personalWords = []string{"privacy", "private", "mask", "masked", "masking", "pii", "gdpr", "--personal", "--not-personal", "--show-personal"}

func personalTopic() string {
	return `## Personal data

Fields whose names say who somebody is, or how to reach them, are personal: email, lastName, homePhone, street, birthDate, ssn, ip, geburtsdatum, apellido
and the like, and what is below them. Names that say only what an address is like are not: email.domain, phone.verified. Keys (_id, purchaseID, uuid) are
personal for completion and notes, which have no use for them, but are shown in answers: they say nothing to who has no other data.

  personal = ["crm.*", "memberNo"]             # in a configuration file, or --personal crm.* --personal memberNo
  not-personal = ["crm.state", "email.domain"] # or --not-personal

A path is from the profile, a name alone is a field wherever it is, * is any part of a name. Of several that fit the longest decides.

| where | what is told of personal fields |
|---|---|
| completion, in a session and in the shell | no values |
| notes on an answer, such as why nothing matches | no values |
| the screen of a session | (masked) stands for each value: in values and their figures, breakdowns, lifts, rows, samples, why. How many, how often and whether there is one is told. A line names the fields |
| a run without a session, and files | whole values, the same on a terminal, in a pipe and in a file |
| exports: .export, -o FILE, a pipe, publish, the files of workers | whole values, and "holds email, phone (personal)": in a note, in "holds" of the answer and of --manifest |

.set personal shown has a session show whole values from then on, .set personal masked masks them again. --show-personal, or show-personal = true in a
configuration file of yours, begins so.

An export holds a personal field where one of its columns is made of its values, and where its ids are personal; a column that only says whether there is one,
or how many, holds none, nor does a Bloom filter, which has no ids.

Ids of profiles are masked too where the field of ids is an address itself (email, phone, passport ...), where an id looks like one, or where --personal names
that field. Of objects and lists in answers the personal fields alone are masked.

Values that you have written yourself stand in your query as they are. Nothing here is access control: who may ask may also count, and --show-personal.
`
}
