package repl_test

import (
	"strings"
	"testing"
)

// Arguments in another order than the command takes are refused with the right one, which Tab writes; nothing is asked.
func TestMisordered(t *testing.T) {
	for _, test := range [][3]string{
		{".by #1 homeAddress.city", ".by takes the field first", ".by homeAddress.city #1"},
		{".by gold homeAddress.city", ".by takes the field first", ".by homeAddress.city gold"},
		{".by _ homeAddress.city 5", ".by takes the field first", ".by homeAddress.city 5 _"},
		{".by homeAddress.city gold 2", ".by takes the number of values before the audience", ".by homeAddress.city 2 gold"},
		{".by homeAddress.city #1 all", ".by takes the number of values before the audience", ".by homeAddress.city all #1"},
		{".sample gold 2", ".sample takes the number of profiles first", ".sample 2 gold"},
		{".sample #1 2 with homeAddress.city", ".sample takes the number of profiles first", ".sample 2 #1 with homeAddress.city"},
		{".by homeAddress.city --top 2", ".by takes the number of values without a flag", ".by homeAddress.city 2"},
		{".by homeAddress.city gold --top=2", ".by takes the number of values without a flag", ".by homeAddress.city 2 gold"},
		{".sample 5 --select homeAddress.city", ".sample takes its columns behind with", ".sample 5 with homeAddress.city"},
		{".watch gold 5", ".watch takes the seconds first", ".watch 5 gold"},
		{".watch #1 5s", ".watch takes the seconds first", ".watch 5s #1"},
		{".overlap gold c = 3", ".overlap takes ; between an audience and a query", ".overlap gold; c = 3"},
		{".why gold p-0001", ".why takes the id first", ".why p-0001 gold"},
		{".why #1 p-0001;", ".why takes the id first", ".why p-0001 #1"},
		{".export #1 z.csv", ".export takes the file first", ".export z.csv #1"},
		{".export gold redis:set:vip --replace", ".export takes the file first", ".export redis:set:vip gold --replace"},
		{".save #1 vip", ".save takes the name first", ".save vip #1"},
		{".explain #1 plan", ".explain takes the word plan first", ".explain plan #1"},
	} {
		flow(t, func(s *session) {
			s.keys("gold: a = 1", "enter", test[0], "enter")
			s.wants(test[1])
			s.wants("write " + test[2] + " (Tab takes it)")
			s.keys("tab")
			s.wants("segq> " + test[2])
			if len(s.backend.submitted) != 1 {
				s.t.Errorf("%s: asked %+v", test[0], s.backend.submitted)
			}
		})
	}
}

// A query of the session inside of another is refused, with what to write; so are two where one is wanted.
func TestOwnInAQuery(t *testing.T) {
	for _, test := range [][3]string{
		{"#1 and c = 3", `write inSegment("gold") (Tab takes it)`, `segq> inSegment("gold") and c = 3`},
		{"not #2", "name it, vip: b = 2, and write inSegment(\"vip\"); or write it out", "segq> not (b = 2)"},
		{".funnel #2 and c = 3", "#2 cannot stand inside of a query", "segq> .funnel (b = 2) and c = 3"},
		{".overlap #1; #2 or c = 3", "#2 cannot stand inside of a query", "segq> .overlap #1; (b = 2) or c = 3"},
		{"#7 and c = 3", "no query of this session is called #7", "segq>"},
		{".near #1 extra", "#1 extra is more than one audience", "segq>"},
		{".diff #1 #2 #1", "#2 #1 is more than one audience", "segq>"},
	} {
		flow(t, func(s *session) {
			s.keys("gold: a = 1", "enter", "b = 2", "enter", test[0], "enter")
			s.wants(test[1])
			s.keys("tab")
			s.wants(test[2])
			if len(s.backend.submitted) != 2 {
				s.t.Errorf("%s: asked %+v", test[0], s.backend.submitted)
			}
		})
	}
}

// Behind names of queries that have a sign, the next audience begins without a mark between them, or with a comma.
func TestOverlapBesides(t *testing.T) {
	for written, want := range map[string]string{
		".overlap #1 #2":              "a = 1; b = 2",
		".overlap #1,#2":              "a = 1; b = 2",
		".overlap #1, #2, gold":       "a = 1; b = 2; a = 1",
		".overlap #1 c = 3":           "a = 1; c = 3",
		".overlap #1, #2 c = 3":       "a = 1; b = 2; c = 3",
		".overlap _ c = 3":            "b = 2; c = 3",
		".overlap gold; c = 3; #2":    "a = 1; c = 3; b = 2",
		".overlap #2; c = 3 or d = 4": "b = 2; c = 3 or d = 4",
	} {
		flow(t, func(s *session) {
			s.keys("gold: a = 1", "enter", "b = 2", "enter", written, "enter")
			got := s.asked(3)
			texts := []string{got.Text}
			for _, other := range got.Asks.Others {
				texts = append(texts, other.Text)
			}
			if joined := strings.Join(texts, "; "); joined != want {
				s.t.Errorf("%s compares %s, want %s", written, joined, want)
			}
		})
	}
}
