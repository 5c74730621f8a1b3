### Said about the vector index.

index-folder-cannot-used-check-disk = the index folder { $path } cannot be used: { $source }. Check its disk and rights; the records are untouched
index-another-gallery-uses-folder-stop = another gallery uses the index folder { $what }. Stop it first, or give this one another data folder
index-template-values-where = a template has { $found } values where the index has { $dim }
index-templates-values-not-supported-most = templates of { $what } values are not supported; at most { $most_dim }
index-disk-gives-back-other-bytes = the disk gives back other bytes
index-record-gone-since-pass = record { $what } is gone since the pass
index-keys-out-reach = the keys of the index files are out of reach: { $what }. The records are untouched; when the store answers again, try again
