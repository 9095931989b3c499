package samples

// place is a country with what goes with it.
type place struct {
	code, name, language, currency, zone string
	weight                               int
	regions                              []region
	first, last                          []string
}

// region is a part of a country with its cities.
type region struct {
	code   string
	cities []string
}

// places are ordered from frequent to rare.
var places = []place{
	{"US", "United States", "en", "USD", "America/New_York", 40,
		[]region{
			{"CA", []string{"Los Angeles", "San Diego", "San José"}}, {"NY", []string{"New York", "Buffalo"}},
			{"TX", []string{"Austin", "Houston"}}, {"WA", []string{"Seattle"}}, {"IL", []string{"Chicago"}},
		},
		[]string{"Olivia", "Liam", "Emma", "Noah", "Ava", "James", "John", "Johnny"}, []string{"Smith", "Johnson", "O'Brien", "Williams", "Morris"}},
	{"CA", "Canada", "en", "CAD", "America/Toronto", 16,
		[]region{{"ON", []string{"Toronto", "Ottawa"}}, {"QC", []string{"Montréal", "Québec"}}, {"BC", []string{"Vancouver"}}},
		[]string{"Chloé", "Ethan", "Léa", "Lucas", "Ana"}, []string{"Tremblay", "Roy", "Martin", "Gagnon"}},
	{"GB", "United Kingdom", "en", "GBP", "Europe/London", 12,
		[]region{{"ENG", []string{"London", "Leeds", "Bath"}}, {"SCT", []string{"Edinburgh", "Glasgow"}}},
		[]string{"Isla", "Oliver", "Freya", "Arthur"}, []string{"Jones", "Taylor", "MacLeod", "Brown"}},
	{"DE", "Germany", "de", "EUR", "Europe/Berlin", 10,
		[]region{{"BE", []string{"Berlin"}}, {"BY", []string{"München", "Nürnberg"}}, {"HH", []string{"Hamburg"}}},
		[]string{"Mia", "Jürgen", "Hannah", "Paul"}, []string{"Müller", "Schmidt", "Weiß", "Fischer"}},
	{"FR", "France", "fr", "EUR", "Europe/Paris", 9,
		[]region{{"IDF", []string{"Paris"}}, {"ARA", []string{"Lyon", "Grenoble"}}},
		[]string{"Zoë", "Louis", "Anaïs", "Hugo"}, []string{"Dubois", "Lefèvre", "Moreau", "d'Arc"}},
	{"JP", "Japan", "ja", "JPY", "Asia/Tokyo", 6,
		[]region{{"13", []string{"東京"}}, {"27", []string{"大阪"}}, {"26", []string{"Kyoto"}}},
		[]string{"陽葵", "蓮", "Yuki", "Haruto"}, []string{"佐藤", "鈴木", "Tanaka"}},
	{"BR", "Brazil", "pt", "BRL", "America/Sao_Paulo", 4,
		[]region{{"SP", []string{"São Paulo"}}, {"RJ", []string{"Rio de Janeiro"}}},
		[]string{"João", "Maria", "Tainá"}, []string{"Silva", "Souza"}},
	{"IL", "Israel", "he", "ILS", "Asia/Jerusalem", 2,
		[]region{{"TA", []string{"תל אביב"}}},
		[]string{"נועה", "David"}, []string{"כהן", "Levi"}},
	{"IN", "India", "hi", "INR", "Asia/Kolkata", 1,
		[]region{{"MH", []string{"Mumbai"}}},
		[]string{"आरव", "Priya"}, []string{"Sharma", "Patel"}},
}

// product is something that the shop sells.
type product struct {
	sku, name  string
	price      float64
	categories []string
}

var products = []product{
	{"PS", "Photo Suite", 19.99, []string{"Software"}},
	{"PS-PRO", "Photo Suite Pro", 159, []string{"Software", "Professional"}},
	{"IP15", "iPhone 15 Pro", 1199, []string{"Phones", "Electronics"}},
	{"MWJ", "MONTANA WIND JACKET", 89.5, []string{"Clothing", "Outdoor"}},
	{"TENT2", "Two-person tent", 249, []string{"Outdoor"}},
	{"MUG", "Mug \"Best of\"", 9.9, []string{"Home"}},
	{"SOCK", "Socks", 4.5, []string{"Clothing"}},
	{"BIKE", "City bike", 799, []string{"Sports", "Outdoor"}},
	{"BALL", "Football", 25, []string{"Sports"}},
	{"LAMP", "Desk lamp", 39.95, []string{"Home", "Electronics"}},
}

// colors and cities are what profiles like and have visited.
var (
	colors = []string{"red", "teal", "blue", "green", "violet", "yellow"}
	cities = []string{"Paris", "Kyoto", "London", "New York", "Lisbon", "Toronto", "Cairo"}
)

// notes are strings that programs get wrong.
var notes = []string{
	"", " ", "say \"hi\"", `C:\new\table`, "two\nlines", "tab\there", "=SUM(A1:A9)", "+1 555", "-", "@home",
	"👩‍👩‍👧 family", "e\u0301 is é", "שלום", "日本語のメモ", "null", "true", "12", "50 % off", "under_score", "\u202eflip",
}
