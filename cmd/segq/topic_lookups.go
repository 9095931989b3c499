package main

// lookupWords lead to the topic of lookups.
var lookupWords = []string{"lookup", "join", "joins", "broadcast", "denormalised", "--lookup", "--lookup-how"}

func lookupsTopic() string {
	return `## Lookups

--lookup NAME=FILE:PATH=KEY makes the rows of a file readable as if they were nested in the profiles: beside the field PATH, which has keys, stands an
object NAME with the fields of the row whose KEY is equal. It may be given more than once.

  segq --lookup product=products.csv:xEvent.productListItems.SKU=sku profiles.parquet \
    -c 'xEvent.exists(productListItems.exists(product.supplier = "Fotowerk"))'

| part | what it is |
|---|---|
| NAME | the name of the object, which no field beside the key has |
| FILE | what DATA may be, but no packed file: names, globs, compressed files, addresses |
| PATH | from the profile to the key, through lists, as segq schema prints it; {} for the values of a map, as in stock{}.sku. It may go through an earlier lookup |
| KEY | a field of the rows of FILE, which the object does not have |

A name with a dot, an = or a : goes in backquotes.

- A key without a row, and a null, have no object: product.isNull().
- A key that stands twice in FILE is an error that names it and its rows. Rows without a key are counted and noted.
- Texts are equal byte by byte, numbers as numbers: 1 is 1.0. Keys of types that are never equal, such as text and number, are an error; --type
  gives a field another type, also one of a lookup: --type xEvent.productListItems.product.sku=text.
- segq schema with the same flags lists the fields of lookups; completion, --by, --select, segq pack and workers have them like all others.

### Ways

--lookup-how NAME=WAY says where the rows are.

| way | what is in memory | good for |
|---|---|---|
| broadcast | the keys and the columns of FILE that were named; a column of profiles is made when a query names it | tables up to some millions of rows |
| denormalised | all columns of profiles, made when the data is opened; nothing of FILE | many queries over all fields |
| redis | the columns of profiles that were made; the rows are in Redis (--redis) | tables that are too large to hold |

Without it the way is broadcast where the rows need at most an eighth of the memory for columns, and else redis where --redis is given; without that
it is an error. Every way has the same answers.

Profiles that are in no data have them as well (segq qualify, --profile), each row found by its key. Workers have lookups by segq --serve --lookup ...; --attach, which loads nothing, refuses the flag. A configuration file of yours may have them:

  lookup = ["product=/data/products.csv:xEvent.productListItems.SKU=sku"]
`
}
