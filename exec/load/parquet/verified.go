package parquet

import "slices"

// verified says in which encodings the values of a type are read. Each is compared with
// arrow-go, under each codec and in both versions of the pages, by the module difftest,
// whose test fails if one is missing; the files that arrow-go does not read have their
// values from elsewhere (testdata/parquet). Any other is an error; a column whose footer says
// that it has an encoding or a codec that is not here at all is left out. Nor does arrow-go
// read any other, which the same module tests: it would be of no use here.
//
// What values stand for makes no difference to their pages.
var verified = [...][]Encoding{
	Boolean:           {Plain, RLE, PlainDictionary, RLEDictionary},
	Int32:             {Plain, PlainDictionary, RLEDictionary, DeltaBinaryPacked, ByteStreamSplit},
	Int64:             {Plain, PlainDictionary, RLEDictionary, DeltaBinaryPacked, ByteStreamSplit},
	Int96:             {Plain, PlainDictionary, RLEDictionary},
	Float:             {Plain, PlainDictionary, RLEDictionary, ByteStreamSplit},
	Double:            {Plain, PlainDictionary, RLEDictionary, ByteStreamSplit},
	ByteArray:         {Plain, PlainDictionary, RLEDictionary, DeltaLengthByteArray, DeltaByteArray},
	FixedLenByteArray: {Plain, PlainDictionary, RLEDictionary, DeltaByteArray, ByteStreamSplit},
}

// Reads says whether values of the type t are read in an encoding.
func (t Type) Reads(e Encoding) bool {
	return t >= 0 && int(t) < len(verified) && slices.Contains(verified[t], e)
}

// Known says whether values of any type, or levels, are read in that encoding. BIT_PACKED is
// that of the levels of old.
func (e Encoding) Known() bool {
	return e == RLE || e == BitPacked || slices.ContainsFunc(verified[:], func(all []Encoding) bool { return slices.Contains(all, e) })
}

// Known says whether pages of that codec are read.
func (c Codec) Known() bool {
	return slices.Contains([]Codec{Uncompressed, Snappy, Gzip, Brotli, LZ4, Zstd, LZ4Raw}, c)
}
