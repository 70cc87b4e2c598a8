# proves: waitall returns when all of a batch is done
# api: eventlet.GreenPool, eventlet.sleep, eventlet.GreenPool.spawn, eventlet.GreenPool.waitall
# tier: review
import eventlet


def crawl(urls):
    sizes = {}

    def fetch(url):
        eventlet.sleep(0.001 * (len(url) % 3))
        sizes[url] = len(url)

    pool = eventlet.GreenPool(3)
    for url in urls:
        pool.spawn(fetch, url)
    pool.waitall()
    return sorted(sizes.items())


print(crawl(["/", "/news", "/news/1", "/about", "/faq"]))
print(crawl([]))
