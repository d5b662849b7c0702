// The tests wait for workers, and workers for leases: more of them at a time than there are processors.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
