package main

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// flatRow is a profile without events.
type flatRow struct {
	ID      string `parquet:"id"`
	Email   string `parquet:"email"`
	Address struct {
		State   string `parquet:"state,dict"`
		City    string `parquet:"city,dict"`
		Country string `parquet:"country,dict"`
	} `parquet:"address"`
	Person struct {
		Gender   string `parquet:"gender,dict"`
		Age      *int32 `parquet:"age,optional,dict"`
		LastName string `parquet:"lastName,dict"`
		Lang     string `parquet:"lang,dict"`
	} `parquet:"person"`
	Loyalty struct {
		Tier   *string `parquet:"tier,optional,dict"`
		Points int32   `parquet:"points,dict"`
	} `parquet:"loyalty"`
	OptInOut struct {
		Email string `parquet:"email,dict"`
		SMS   string `parquet:"sms,dict"`
		Push  string `parquet:"push,dict"`
	} `parquet:"optInOut"`
	ChurnScore   float64 `parquet:"churnScore"`
	LTV          float64 `parquet:"ltv"`
	SignupTS     int64   `parquet:"signupTs,timestamp(millisecond)"`
	LastSeenDays int32   `parquet:"lastSeenDays,dict"`
	HasApp       bool    `parquet:"hasApp"`
	IsVerified   bool    `parquet:"isVerified"`
	IsEmployee   bool    `parquet:"isEmployee"`
	IsMobile     bool    `parquet:"isMobile"`
}

var flatTable = &table[flatRow]{name: "flat", seed: 1, row: makeFlat}

// The dictionaries, most frequent first where they are skewed.
var (
	states    = texts(50, func(i int) string { return stateNames[2*i : 2*i+2] })
	cities    = texts(10_000, func(i int) string { return fmt.Sprintf("City %04d", i) })
	countries = texts(20, func(i int) string { return countryNames[2*i : 2*i+2] })
	lastNames = texts(5_000, lastName)
	langs     = []string{"en", "es", "fr", "de", "zh", "pt"}
	genders   = []string{"female", "male", "other"}
	tiers     = []string{"bronze", "silver", "gold", "platinum"}
	optIns    = []string{"in", "out", "pending"}
)

const (
	stateNames   = "CATXFLNYPAILOHGANCMINJVAWAAZMATNINMDMOWICOMNSCALLAKYOROKCTUTIANVARMSKSNMNEIDWVHINHMEMTRIDESDNDAKVTWY"
	countryNames = "USCAMXBRGBFRDEITESPTNLBESEDKNOFIPLCZJPAU"
)

func texts(n int, text func(int) string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = text(i)
	}
	return out
}

// lastName makes the i-th of names that share beginnings, as names do.
func lastName(i int) string {
	first := []string{"Mor", "Mon", "Ber", "Bar", "Sto", "Ste", "Wil", "Wal", "Har", "Hol", "Car", "Cor", "Lin", "Lan", "Ros", "Ram", "Dav", "Don", "Gar", "Gon"}
	middle := []string{"a", "e", "i", "o", "u", "al", "er", "in", "on", "st", "ten", "ning", "ger"}
	last := []string{"son", "man", "ley", "ton", "ez", "field", "ski", "berg", "ard", "well", "ing", "er", "a", "o", "ett", "wood", "worth", "ham", "by", "ck"}
	return first[i%20] + middle[i/20%13] + last[i/260%20]
}

// skewed picks an index below n, small ones far more often.
func skewed(r *rand.Rand, n int) int { return int(float64(n) * math.Pow(r.Float64(), 2.5)) }

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func makeFlat(r *rand.Rand, i int) (p flatRow) {
	p.ID = fmt.Sprintf("p%08d", i)
	p.Email = fmt.Sprintf("u%d@ex%d.com", i, r.IntN(50))
	p.Address.State = states[skewed(r, len(states))]
	p.Address.City = cities[skewed(r, len(cities))]
	p.Address.Country = countries[skewed(r, len(countries))]
	p.Person.Gender = pick(r, genders)
	if r.IntN(12) > 0 {
		p.Person.Age = new(18 + r.Int32N(70))
	}
	p.Person.LastName = lastNames[skewed(r, len(lastNames))]
	p.Person.Lang = langs[skewed(r, len(langs))]
	if r.IntN(3) > 0 {
		p.Loyalty.Tier = &tiers[skewed(r, len(tiers))]
	}
	p.Loyalty.Points = int32(r.ExpFloat64() * 2000)
	p.OptInOut.Email, p.OptInOut.SMS, p.OptInOut.Push = pick(r, optIns), pick(r, optIns), pick(r, optIns)
	p.ChurnScore = r.Float64()
	p.LTV = math.Round(r.ExpFloat64()*25_000) / 100
	p.SignupTS = now.UnixMilli() - r.Int64N(1500*24*3600*1000)
	p.LastSeenDays = int32(r.ExpFloat64() * 60)
	p.HasApp, p.IsVerified, p.IsEmployee, p.IsMobile = r.IntN(2) == 0, r.IntN(10) > 0, r.IntN(100) == 0, r.IntN(3) == 0
	return p
}
