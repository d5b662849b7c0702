// The tests wait for scripts, and scripts for visibility timeouts: more of them at a time than there are processors.
[assembly: CollectionBehavior(MaxParallelThreads = 8)]
